package dev.plimsoll.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.chat.Body;
import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.Member;
import dev.plimsoll.chat.ModelRequest;
import dev.plimsoll.chat.Parsed;
import dev.plimsoll.json.JsonOut;
import dev.plimsoll.recover.Changes;
import dev.plimsoll.recover.Continuation;
import dev.plimsoll.tokens.AnswerRoom;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a model goes on with a text that stands as the last message of the assistant:
 * many templates close such a message and open another turn, so it is asked and never assumed.
 *
 * <p>The server renders a small conversation without and with the text; it goes on if the second
 * prompt is the first one and the text, byte for byte. Asked once for each model and kind of
 * request.
 */
final class PrefillProbe {
  /** More kinds of requests than that are forgotten, and asked about anew. */
  private static final int MOST_KNOWN = 256;

  private static final String TEXT = "Once upon a time";

  /** A server that cannot just render generates an answer, which may as well be short. */
  private static final Changes ONE_TOKEN = Changes.NONE.withCap(1);

  /** Fields that change how a conversation is rendered. */
  private static final List<String> RENDERED =
      List.of("think", "reasoning_effort", "reasoning", "chat_template_kwargs");

  private final Renderer renderer;
  private final Map<String, Continuation.Way> known = new ConcurrentHashMap<>();

  /** Makes the prompt of a conversation. */
  interface Renderer {
    /** The prompt; null when the server cannot tell. */
    @Nullable String prompt(ChatRequest request, Question question, Model model)
        throws InterruptedException;
  }

  PrefillProbe(Renderer renderer) {
    this.renderer = renderer;
  }

  /** How a model goes on with an answer to such a request. */
  Continuation.Way way(Model model, ModelRequest request) throws InterruptedException {
    if (!(request instanceof ChatRequest chat)) {
      return Continuation.Way.PREFILLED; // a prompt simply goes on
    }
    String small = small(chat);
    String kind = model.name() + '\n' + model.digest() + '\n' + small;
    Continuation.Way way = known.get(kind);
    if (way == null) {
      way = ask(model, small);
      if (known.size() >= MOST_KNOWN) {
        known.clear();
      }
      known.put(kind, way);
    }
    return way;
  }

  private Continuation.Way ask(Model model, String small) throws InterruptedException {
    if (!(ChatRequest.parse(small.getBytes(StandardCharsets.UTF_8))
        instanceof Parsed.Good<ChatRequest>(var request))) {
      throw new IllegalStateException("a request of our own: " + small);
    }
    Question plain = new Question(request, ONE_TOKEN, null, AnswerRoom.UNKNOWN);
    String without = renderer.prompt(request, plain, model);
    if (without == null) {
      return Continuation.Way.TOLD;
    }
    Continuation going = new Continuation(TEXT, Continuation.Way.PREFILLED, "");
    Question onward = new Question(request, ONE_TOKEN, going, AnswerRoom.UNKNOWN);
    String with = renderer.prompt(request, onward, model);
    return (without + TEXT).equals(with) ? Continuation.Way.PREFILLED : Continuation.Way.TOLD;
  }

  /** A small conversation that is rendered like the client's. */
  private static String small(ChatRequest chat) {
    JsonOut out = new JsonOut(256);
    out.ascii("{\"model\":").string(chat.model());
    out.ascii(",\"messages\":[{\"role\":\"user\",\"content\":\"Tell me a story.\"}]");
    if (chat.hasTools()) {
      out.ascii(
          ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"look\",\"description\":"
              + "\"Looks.\",\"parameters\":{\"type\":\"object\",\"properties\":{}}}}]");
    }
    Body body = chat.body();
    for (String name : RENDERED) {
      Member member = body.member(name).orElse(null);
      if (member != null) {
        out.ascii(',').string(name).ascii(':').raw(body.bytes(), member.value());
      }
    }
    return new String(out.ascii('}').toBytes(), StandardCharsets.UTF_8);
  }

  /** The text at a path of an answer; null when there is none. */
  static @Nullable String text(SmallCalls.Reply reply, String path) {
    if (!(reply instanceof SmallCalls.Reply.Ok(var json))) {
      return null;
    }
    JsonNode found = json.at(path);
    return found.isTextual() ? found.asText() : null;
  }
}
