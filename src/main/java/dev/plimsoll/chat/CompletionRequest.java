package dev.plimsoll.chat;

import dev.plimsoll.chat.Body.Invalid;
import dev.plimsoll.json.JsonCursor;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import dev.plimsoll.json.JsonMembers;
import dev.plimsoll.json.JsonString;
import dev.plimsoll.json.Span;
import java.util.OptionalLong;

/**
 * A request of the older {@code /v1/completions}, as far as one prompt in one string goes.
 *
 * @param body the bytes and their top-level members
 * @param model the model's name as the client spells it
 * @param prompt the prompt's JSON string
 * @param stream whether the client wants server-sent events
 * @param includeUsage whether it asked for the usage chunk
 * @param maxTokens the client's cap, in tokens
 */
public record CompletionRequest(
    Body body,
    String model,
    JsonString prompt,
    boolean stream,
    boolean includeUsage,
    OptionalLong maxTokens)
    implements ModelRequest {

  /** Reads a request; wrong shapes come back as the error that says which field is wrong. */
  public static Parsed<CompletionRequest> parse(byte[] bytes) {
    try {
      return new Parsed.Good<>(read(Body.index(bytes, (_, cursor) -> cursor.skip())));
    } catch (JsonFault e) {
      return new Parsed.Bad<>(Body.notJson(e));
    } catch (Invalid e) {
      return new Parsed.Bad<>(e.error());
    }
  }

  private static CompletionRequest read(Body body) throws JsonFault, Invalid {
    String model = body.string("model").map(JsonString::text).orElse("");
    if (model.isEmpty()) {
      throw new Invalid("model", "\"model\" is missing: name the model to ask.");
    }
    return new CompletionRequest(
        body, model, prompt(body), body.isTrue("stream"), includeUsage(body), cap(body));
  }

  private static JsonString prompt(Body body) throws JsonFault, Invalid {
    Member member = body.member("prompt").orElse(null);
    if (member != null && member.kind() == JsonKind.STRING) {
      return JsonString.at(body.bytes(), member.value());
    }
    if (member != null && member.kind() == JsonKind.ARRAY) {
      return onlyElement(body.bytes(), member.value());
    }
    throw new Invalid("prompt", "prompt must be a string.");
  }

  private static JsonString onlyElement(byte[] bytes, Span array) throws JsonFault, Invalid {
    try (JsonCursor cursor = new JsonCursor(bytes, array)) {
      cursor.enterArray();
      if (cursor.nextElement() && cursor.kind() == JsonKind.STRING) {
        Span span = cursor.skip();
        cursor.endElement();
        if (!cursor.nextElement()) {
          return JsonString.at(bytes, span);
        }
      }
    }
    throw new Invalid(
        "prompt", "prompt must be one string: send one request per prompt, and text, not tokens.");
  }

  private static boolean includeUsage(Body body) throws JsonFault {
    Member options = body.member("stream_options").orElse(null);
    if (options == null || options.kind() != JsonKind.OBJECT) {
      return false;
    }
    Span value = JsonMembers.value(body.bytes(), options.value(), "include_usage");
    return value != null && body.bytes()[value.start()] == 't';
  }

  private static OptionalLong cap(Body body) throws Invalid {
    Member member = body.member("max_tokens").orElse(null);
    if (member == null || member.kind() == JsonKind.NULL) {
      return OptionalLong.empty();
    }
    try (JsonCursor cursor = new JsonCursor(body.bytes(), member.value())) {
      long cap = cursor.integer();
      if (cap >= 1) {
        return OptionalLong.of(cap);
      }
    } catch (JsonFault e) {
      // It is JSON, only no number that anybody can mean.
    }
    throw new Invalid("max_tokens", "max_tokens must be a whole number of at least 1.");
  }
}
