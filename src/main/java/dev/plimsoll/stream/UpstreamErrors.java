package dev.plimsoll.stream;

import dev.plimsoll.json.JsonCursor;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the error bodies of model servers: Ollama's {@code {"error":"text"}}, OpenAI's {@code
 * {"error":{"message":…}}}, and Ollama 0.30's text that is itself a llama-server error body.
 */
public final class UpstreamErrors {
  private static final int MAX_TEXT = 2000;

  /** Overflow texts, each with its source; the groups are the prompt's size, then the window. */
  private static final List<Overflow> OVERFLOWS =
      List.of(
          // llama-server, and Ollama from 0.30 on with truncate:false
          new Overflow(
              "request \\((\\d+) tokens\\) exceeds the available context size \\((\\d+) tokens\\)",
              1,
              2),
          // vLLM
          new Overflow(
              "maximum context length is (\\d+) tokens\\. However, you requested (\\d+) tokens",
              2,
              1),
          new Overflow("maximum context length is (\\d+)", 0, 1),
          new Overflow("context length is only (\\d+)", 0, 1),
          // LM Studio
          new Overflow("n_keep: (\\d+)\\s*>= n_ctx: (\\d+)", 1, 2),
          new Overflow("Trying to keep the first (\\d+) tokens", 1, 0),
          // Ollama up to 0.24 with truncate:false; Ollama 0.30.10
          new Overflow("input length exceeds the context length", 0, 0),
          new Overflow("longer than the context length currently available", 0, 0),
          new Overflow("context_length_exceeded|exceed_context_size_error", 0, 0));

  private UpstreamErrors() {}

  private record Overflow(Pattern pattern, int promptGroup, int windowGroup) {
    Overflow(String regex, int promptGroup, int windowGroup) {
      this(Pattern.compile(regex), promptGroup, windowGroup);
    }
  }

  /** The failure that an HTTP error answer stands for. */
  public static UpstreamFailure ofStatus(int status, byte[] body, @Nullable Duration retryAfter) {
    String message = message(body);
    if (status == 400 || status == 413 || status == 500) {
      UpstreamFailure overflow = overflow(message);
      if (overflow != null) {
        return overflow;
      }
    }
    return new UpstreamFailure.Status(status, message, retryAfter);
  }

  /** The failure that an error inside a stream stands for. */
  public static UpstreamFailure ofFrame(String message) {
    UpstreamFailure overflow = overflow(message);
    return overflow == null ? new UpstreamFailure.ErrorFrame(clip(message)) : overflow;
  }

  /** The message inside an error body; the body itself where it has none. */
  public static String message(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    String inner = errorIn(body);
    if (inner == null) {
      return clip(text.isBlank() ? "no body" : text.strip());
    }
    String nested = inner.startsWith("{") ? errorIn(inner.getBytes(StandardCharsets.UTF_8)) : null;
    return clip(nested == null ? inner : nested);
  }

  private static @Nullable UpstreamFailure overflow(String message) {
    for (Overflow known : OVERFLOWS) {
      Matcher match = known.pattern().matcher(message);
      if (match.find()) {
        return new UpstreamFailure.ContextExceeded(
            message, group(match, known.promptGroup()), group(match, known.windowGroup()));
      }
    }
    return null;
  }

  private static OptionalLong group(Matcher match, int group) {
    return group == 0 || match.group(group).length() > 15
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(match.group(group)));
  }

  private static @Nullable String errorIn(byte[] body) {
    try (JsonCursor cursor = new JsonCursor(body)) {
      if (cursor.kind() != JsonKind.OBJECT) {
        return null;
      }
      cursor.enterObject();
      while (cursor.nextMember()) {
        if (cursor.name().equals("error")) {
          return errorText(cursor);
        }
        cursor.skip();
      }
      return null;
    } catch (JsonFault e) {
      return null;
    }
  }

  /** The words of an {@code error} value, a string or an object with a message; else null. */
  static @Nullable String errorText(JsonCursor cursor) throws JsonFault {
    return switch (cursor.kind()) {
      case STRING -> {
        String text = cursor.text();
        cursor.skip();
        yield text;
      }
      case OBJECT -> messageMember(cursor);
      case NULL, NUMBER, BOOLEAN, ARRAY -> {
        cursor.skip();
        yield null;
      }
    };
  }

  private static String messageMember(JsonCursor cursor) throws JsonFault {
    String text = "an error without a message";
    cursor.enterObject();
    while (cursor.nextMember()) {
      if (cursor.name().equals("message") && cursor.kind() == JsonKind.STRING) {
        text = cursor.text();
      }
      cursor.skip();
    }
    return text;
  }

  private static String clip(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
  }
}
