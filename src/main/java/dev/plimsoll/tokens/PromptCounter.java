package dev.plimsoll.tokens;

import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.Message;
import dev.plimsoll.chat.Role;
import dev.plimsoll.json.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Counts the prompts of requests to one model, and remembers what single messages cost.
 *
 * <p>A message is known again by its bytes, so that a known conversation costs a look at its bytes
 * and the counting of its new messages. What is remembered is bounded: {@value #SLOTS} messages, a
 * newer one in an older one's place. Safe for use by many threads.
 */
public final class PromptCounter {
  private static final int SLOTS = 1 << 14;

  private final ModelCounter counter;
  private final boolean toolNames;
  private final @Nullable Known[] known = new Known[SLOTS];
  private final AtomicReference<ObservedError> error = new AtomicReference<>(ObservedError.NONE);

  private record Known(long high, long low, int tokens, int images, Shape.Place place) {}

  /** Tokens of a prompt, and how many images are among them. */
  record Sum(int tokens, int images) {}

  /** Counts by the given counter. */
  public PromptCounter(ModelCounter counter) {
    this.counter = counter;
    this.toolNames = counter.showsToolNames();
  }

  /** What counts single messages; what stands in an original's place is counted by it, too. */
  public ModelCounter messages() {
    return counter;
  }

  /**
   * The tokens of the prompt that a server makes of a request.
   *
   * @param fixed those of system messages, tools and the answer's opening
   */
  Sum prompt(ChatRequest request, int fixed) {
    List<Message> messages = request.messages();
    MessageReader reader = new MessageReader(request);
    int lastUser = lastUser(messages);
    int sum = fixed;
    int images = 0;
    Shape.Place before = Shape.Place.SYSTEM;
    for (int i = 0; i < messages.size(); i++) {
      if (!ModelCounter.isSystem(messages.get(i).role())) {
        Known one = count(request, reader, i, i < lastUser, before);
        sum += one.tokens();
        images += one.images();
        before = one.place();
      }
    }
    return new Sum(sum + counter.end(before), images);
  }

  /**
   * The tokens that each message has in the prompt of a request; 0 for those of the system, which
   * are in the fixed part.
   */
  public List<Integer> each(ChatRequest request) {
    List<Message> messages = request.messages();
    MessageReader reader = new MessageReader(request);
    int lastUser = lastUser(messages);
    List<Integer> tokens = new ArrayList<>(messages.size());
    Shape.Place before = Shape.Place.SYSTEM;
    for (int i = 0; i < messages.size(); i++) {
      if (ModelCounter.isSystem(messages.get(i).role())) {
        tokens.add(0);
      } else {
        Known one = count(request, reader, i, i < lastUser, before);
        tokens.add(one.tokens());
        before = one.place();
      }
    }
    return tokens;
  }

  /** How far counts were off what the server counted; no count ever changes by it. */
  public ObservedError error() {
    return error.get();
  }

  /** Compares a prompt that was planned with what the server counted of it. */
  public void observed(long planned, long counted) {
    error.updateAndGet(before -> before.with(planned, counted));
  }

  private static int lastUser(List<Message> messages) {
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (messages.get(i).role() == Role.USER) {
        return i;
      }
    }
    return -1;
  }

  private Known count(
      ChatRequest request, MessageReader reader, int index, boolean past, Shape.Place before) {
    Message message = request.messages().get(index);
    ContentHash hash = new ContentHash();
    hash.add(before.name());
    hash.add(past ? "past" : "");
    if (toolNames && message.role() == Role.TOOL) {
      hash.add(reader.toolName(index));
    }
    Span span = message.span();
    hash.add(request.bytes(), span.start(), span.end());
    int slot = (int) hash.low() & (SLOTS - 1);
    Known found = known[slot];
    if (found != null && found.high() == hash.high() && found.low() == hash.low()) {
      return found;
    }
    MessageText text = reader.read(index);
    int tokens = counter.message(text, past, before);
    Known fresh =
        new Known(hash.high(), hash.low(), tokens, text.images(), Shape.of(text, past).place());
    known[slot] = fresh;
    return fresh;
  }
}
