package dev.plimsoll.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.testing.StrictJson;
import dev.plimsoll.testing.StrictJson.Kind;
import dev.plimsoll.testing.StrictJson.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an upstream's stream says, read a second time in the plainest way: whole documents, no
 * pieces.
 *
 * <p>It has no opinion ({@link #of} is empty) where a document may be read in two ways: a name that
 * appears twice, two names for one thing, a number that fits no counter.
 */
final class PlainStream {
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private boolean calls;
  private boolean failed;
  private boolean over;
  private FinishReason finish = FinishReason.STOP;
  private boolean finished;

  private PlainStream() {}

  /** A document that can be read in two ways. */
  private static final class Ambiguous extends Exception {
    private static final long serialVersionUID = 1L;

    Ambiguous() {
      super("", null, false, false);
    }
  }

  /** What these documents say, each a line or the data of an event. */
  static Optional<PlainStream> of(Upstream upstream, List<String> documents) {
    PlainStream stream = new PlainStream();
    try {
      for (String document : documents) {
        if (!stream.over && !stream.failed) {
          stream.read(upstream, document);
        }
      }
      return Optional.of(stream);
    } catch (Ambiguous e) {
      return Optional.empty();
    }
  }

  String text() {
    return text.toString();
  }

  String reasoning() {
    return reasoning.toString();
  }

  boolean hasCalls() {
    return calls;
  }

  /** The finish reason of an answer that came to its end; empty for one that did not. */
  Optional<FinishReason> end() {
    return failed || !(over || finished) ? Optional.empty() : Optional.of(finish);
  }

  private void read(Upstream upstream, String document) throws Ambiguous {
    String trimmed = document.replaceAll("^[ \t\r\n]+|[ \t\r\n]+$", "");
    if (trimmed.isEmpty()) {
      return;
    }
    if (upstream == Upstream.OPENAI && trimmed.equals("[DONE]")) {
      over = true;
      return;
    }
    Value root =
        StrictJson.readWithinLimits(trimmed.getBytes(UTF_8)).map(StrictJson::root).orElse(null);
    if (root == null || root.kind() != Kind.OBJECT) {
      fail();
      return;
    }
    checkPlain(root);
    switch (upstream) {
      case OLLAMA -> line(root);
      case OPENAI -> chunk(root);
    }
  }

  private static void checkPlain(Value value) throws Ambiguous {
    if (value.repeatsName() || (value.kind() == Kind.NUMBER && !isCount(value))) {
      throw new Ambiguous();
    }
    for (StrictJson.Member member : value.members()) {
      checkPlain(member.value());
    }
    for (Value element : value.elements()) {
      checkPlain(element);
    }
  }

  private static boolean isCount(Value number) {
    return number.text().matches("\\d{1,15}");
  }

  private void line(Value root) throws Ambiguous {
    if (isError(root)) {
      fail();
      return;
    }
    Value message = root.member("message").filter(PlainStream::isObject).orElse(null);
    append(reasoning, one(field(message, "thinking"), root.member("thinking")));
    append(text, one(field(message, "content"), root.member("response")));
    calls |= field(message, "tool_calls").filter(PlainStream::isFilled).isPresent();
    Optional<Value> done = root.member("done").filter(value -> value.kind() == Kind.BOOLEAN);
    if (done.filter(value -> value.text().equals("true")).isPresent()) {
      String reason = string(root.member("done_reason")).orElse("stop");
      finish = FinishReason.of(reason);
      over = true;
    }
  }

  private void chunk(Value root) throws Ambiguous {
    if (isError(root) || string(root.member("object")).equals(Optional.of("error"))) {
      fail();
      return;
    }
    List<Value> choices = root.member("choices").map(Value::elements).orElse(List.of());
    if (choices.isEmpty() || !isObject(choices.getFirst())) {
      return;
    }
    Value choice = choices.getFirst();
    Value delta =
        one(choice.member("delta"), choice.member("message"))
            .filter(PlainStream::isObject)
            .orElse(null);
    append(reasoning, one(field(delta, "reasoning_content"), field(delta, "reasoning")));
    append(text, field(delta, "content"));
    Optional<Value> found = field(delta, "tool_calls").filter(PlainStream::isFilled);
    if (found.isPresent()) {
      calls |= found.get().elements().stream().anyMatch(PlainStream::isObject);
      checkIndexes(found.get());
    }
    String reason = string(choice.member("finish_reason")).orElse("");
    if (!reason.isEmpty()) {
      finish = FinishReason.of(reason);
      finished = true;
    }
  }

  private static void checkIndexes(Value calls) throws Ambiguous {
    for (Value call : calls.elements()) {
      Optional<Value> index = call.member("index").filter(value -> value.kind() == Kind.NUMBER);
      if (index.isPresent() && index.get().text().length() > 4) {
        throw new Ambiguous();
      }
    }
  }

  /** What breaks behind the finish takes nothing away. */
  private void fail() {
    over = finished;
    failed = !finished;
  }

  private static boolean isError(Value root) {
    return root.member("error")
        .filter(error -> error.kind() == Kind.STRING || isObject(error))
        .isPresent();
  }

  private static boolean isObject(Value value) {
    return value.kind() == Kind.OBJECT;
  }

  private static boolean isFilled(Value value) {
    return value.kind() == Kind.ARRAY && !value.elements().isEmpty();
  }

  private static Optional<Value> field(@Nullable Value object, String name) {
    return object == null ? Optional.empty() : object.member(name);
  }

  private static Optional<Value> one(Optional<Value> one, Optional<Value> other) throws Ambiguous {
    if (one.isPresent() && other.isPresent()) {
      throw new Ambiguous();
    }
    return one.or(() -> other);
  }

  private static Optional<String> string(Optional<Value> value) {
    return value.filter(found -> found.kind() == Kind.STRING).map(Value::text);
  }

  private static void append(StringBuilder to, Optional<Value> value) {
    to.append(string(value).orElse(""));
  }

  @Override
  public String toString() {
    return Arrays.asList(text, reasoning, calls, end()).toString();
  }
}
