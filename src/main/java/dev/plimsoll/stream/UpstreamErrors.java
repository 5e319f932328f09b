package dev.plimsoll.stream;

import dev.plimsoll.json.JsonCursor;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import dev.plimsoll.json.Span;
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
  /** Stands for an error that has no words. */
  static final String WITHOUT_MESSAGE = "an error without a message";

  private static final int MAX_TEXT = 2000;
  private static final int MAX_KIND = 200;

  /** With a bound, and without white space that could be matched in two ways. */
  private static final Pattern TITLE =
      Pattern.compile("<title>([^<]{1,200})</title>", Pattern.CASE_INSENSITIVE);

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
          new Overflow(
              "Trying to keep the first (\\d+) tokens.*context length of only (\\d+)", 1, 2),
          new Overflow("Trying to keep the first (\\d+) tokens", 1, 0),
          // Ollama up to 0.24 with truncate:false; Ollama 0.30.10
          new Overflow("input length exceeds the context length", 0, 0),
          new Overflow("longer than the context length currently available", 0, 0),
          new Overflow("exceeds the available context size", 0, 0),
          new Overflow("context_length_exceeded|exceed_context_size_error", 0, 0));

  private UpstreamErrors() {}

  private record Overflow(Pattern pattern, int promptGroup, int windowGroup) {
    Overflow(String regex, int promptGroup, int windowGroup) {
      this(Pattern.compile(regex), promptGroup, windowGroup);
    }
  }

  /**
   * An error object, as far as anybody tells it.
   *
   * @param kind its code and type
   */
  private record Told(String message, String kind, OptionalLong prompt, OptionalLong window) {
    Told(String message) {
      this(message, "", OptionalLong.empty(), OptionalLong.empty());
    }
  }

  /** The failure that an HTTP error answer stands for. */
  public static UpstreamFailure ofStatus(int status, byte[] body, @Nullable Duration retryAfter) {
    Told told = told(body);
    if (status == 400 || status == 413 || status == 500) {
      UpstreamFailure overflow = overflow(told);
      if (overflow != null) {
        return overflow;
      }
    }
    return new UpstreamFailure.Status(status, told.message(), retryAfter);
  }

  /** The failure that an error inside a stream stands for. */
  public static UpstreamFailure ofFrame(String message) {
    Told told = inner(message);
    UpstreamFailure overflow = overflow(told);
    return overflow == null ? new UpstreamFailure.ErrorFrame(told.message()) : overflow;
  }

  /** The message inside an error body; the body itself where it has none. */
  public static String message(byte[] body) {
    return told(body).message();
  }

  private static Told told(byte[] body) {
    Told found = errorIn(body);
    return found == null ? new Told(clip(plain(body))) : found;
  }

  private static String plain(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8).strip();
    if (text.isEmpty()) {
      return "no body";
    }
    Matcher title = TITLE.matcher(text);
    String said = text.startsWith("<") && title.find() ? title.group(1).strip() : "";
    return said.isEmpty() ? text : said;
  }

  /** The error that a message holds as JSON; mostly it is just a message. */
  private static Told inner(String message) {
    Told nested =
        message.startsWith("{") ? errorIn(message.getBytes(StandardCharsets.UTF_8)) : null;
    return nested == null ? new Told(message.isBlank() ? WITHOUT_MESSAGE : clip(message)) : nested;
  }

  private static @Nullable UpstreamFailure overflow(Told told) {
    for (Overflow known : OVERFLOWS) {
      Matcher match = known.pattern().matcher(told.message());
      boolean inWords = match.find();
      if (inWords || known.pattern().matcher(told.kind()).find()) {
        return new UpstreamFailure.ContextExceeded(
            told.message(),
            first(
                told.prompt(), inWords ? group(match, known.promptGroup()) : OptionalLong.empty()),
            first(
                told.window(), inWords ? group(match, known.windowGroup()) : OptionalLong.empty()));
      }
    }
    return null;
  }

  private static OptionalLong first(OptionalLong one, OptionalLong other) {
    return one.isPresent() ? one : other;
  }

  private static OptionalLong group(Matcher match, int group) {
    return group == 0 || match.group(group).length() > 15
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(match.group(group)));
  }

  /** The error in a body: under {@code error}, else in words at the top (vLLM, FastAPI). */
  private static @Nullable Told errorIn(byte[] body) {
    String words = null;
    try (JsonCursor cursor = new JsonCursor(body)) {
      if (cursor.kind() != JsonKind.OBJECT) {
        return null;
      }
      cursor.enterObject();
      while (cursor.nextMember()) {
        String name = cursor.name();
        if (name.equals("error") && cursor.kind() == JsonKind.STRING) {
          return inner(cursor.text());
        }
        if (name.equals("error") && cursor.kind() == JsonKind.OBJECT) {
          return object(cursor);
        }
        boolean spoken = name.equals("message") || name.equals("detail");
        words = spoken && cursor.kind() == JsonKind.STRING ? cursor.text() : words;
        cursor.skip();
      }
      return words == null ? null : inner(words);
    } catch (JsonFault e) {
      return null;
    }
  }

  private static Told object(JsonCursor cursor) throws JsonFault {
    Told message = new Told(WITHOUT_MESSAGE);
    StringBuilder kind = new StringBuilder();
    OptionalLong prompt = OptionalLong.empty();
    OptionalLong window = OptionalLong.empty();
    cursor.enterObject();
    while (cursor.nextMember()) {
      boolean isString = cursor.kind() == JsonKind.STRING;
      switch (cursor.name()) {
        case "message" -> message = isString ? inner(cursor.text()) : message;
        case "type", "code" -> kind.append(isString ? cursor.text() : "").append(' ');
        case "n_prompt_tokens" -> prompt = count(cursor);
        case "n_ctx" -> window = count(cursor);
        default -> {}
      }
      cursor.skip();
    }
    // Words that are looked through for known ones: as many as a code or type may have.
    kind.setLength(Math.min(kind.length(), MAX_KIND));
    return new Told(
        message.message(),
        kind + message.kind(),
        first(prompt, message.prompt()),
        first(window, message.window()));
  }

  private static OptionalLong count(JsonCursor cursor) throws JsonFault {
    long tokens = cursor.kind() == JsonKind.NUMBER ? cursor.integer() : 0;
    return tokens > 0 ? OptionalLong.of(tokens) : OptionalLong.empty();
  }

  /**
   * The words of an {@code error} value, else null; an object comes back as it stands, so that
   * {@link #ofFrame} finds its parts.
   */
  static @Nullable String errorText(JsonCursor cursor, byte[] bytes) throws JsonFault {
    return switch (cursor.kind()) {
      case STRING -> {
        String text = cursor.text();
        cursor.skip();
        yield text;
      }
      case OBJECT -> {
        Span span = cursor.skip();
        String object = new String(bytes, span.start(), span.length(), StandardCharsets.UTF_8);
        yield "{\"error\":" + object + "}";
      }
      case NULL, NUMBER, BOOLEAN, ARRAY -> {
        cursor.skip();
        yield null;
      }
    };
  }

  private static String clip(String text) {
    if (text.length() <= MAX_TEXT) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT;
    return text.substring(0, end) + "…";
  }
}
