package dev.plimsoll.stream;

import dev.plimsoll.json.JsonCursor;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import dev.plimsoll.json.Span;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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

  private UpstreamErrors() {}

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
    UpstreamFailure known = known(told);
    // Below 500 it is the request that is refused, whatever else the words remind of.
    boolean overflow = known instanceof UpstreamFailure.ContextExceeded;
    boolean asked = status == 400 || status == 413 || status == 500;
    if (known != null && (overflow ? asked : status >= 500)) {
      return known;
    }
    return new UpstreamFailure.Status(status, clip(told.message()), retryAfter);
  }

  /** The failure that an error inside a stream stands for. */
  public static UpstreamFailure ofFrame(String message) {
    Told told = inner(message);
    UpstreamFailure known = known(told);
    return known == null ? new UpstreamFailure.ErrorFrame(clip(told.message())) : known;
  }

  /** The message inside an error body; the body itself where it has none. */
  public static String message(byte[] body) {
    return clip(told(body).message());
  }

  private static Told told(byte[] body) {
    Told found = errorIn(body);
    return found == null ? new Told(plain(body)) : found;
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
    return nested == null ? new Told(message.isBlank() ? WITHOUT_MESSAGE : message) : nested;
  }

  /** The failure that the words of an error tell; null when they tell nothing that is known. */
  private static @Nullable UpstreamFailure known(Told told) {
    for (Signature known : Signature.ALL) {
      Matcher match = known.words().matcher(told.message());
      boolean inWords = match.find();
      if (inWords || known.words().matcher(told.kind()).find()) {
        return failure(known, told, inWords ? match : null);
      }
    }
    return null;
  }

  private static UpstreamFailure failure(Signature known, Told told, @Nullable Matcher match) {
    String message = clip(told.message());
    return switch (known.sign()) {
      case OVERFLOW ->
          new UpstreamFailure.ContextExceeded(
              message,
              first(told.prompt(), match == null ? OptionalLong.empty() : known.prompt(match)),
              first(told.window(), match == null ? OptionalLong.empty() : known.window(match)));
      case OUT_OF_MEMORY -> new UpstreamFailure.OutOfMemory(message);
      case CRASH -> new UpstreamFailure.RunnerCrash(message);
      case CALL_CUT -> new UpstreamFailure.UnreadableCall(message, told.message(), true);
      case CALL_BROKEN -> new UpstreamFailure.UnreadableCall(message, told.message(), false);
    };
  }

  private static OptionalLong first(OptionalLong one, OptionalLong other) {
    return one.isPresent() ? one : other;
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
