package dev.plimsoll.chat;

import dev.plimsoll.json.JsonOut;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An error as the client gets it: {@code {"error":{"message","type","param","code"}}}.
 *
 * @param status the HTTP status, used when nothing was sent yet
 * @param code the value from the closed list
 * @param message what happened, where, and what to do; never the client's own words
 * @param param the request field that is wrong, such as {@code messages[2].content}, if one is
 * @param retryAfter when asking again may help, if that is known
 */
public record ApiError(
    int status,
    ErrorCode code,
    String message,
    @Nullable String param,
    @Nullable Duration retryAfter) {

  /** An error with the status that belongs to its code. */
  public static ApiError of(ErrorCode code, String message) {
    return new ApiError(code.status(), code, message, null, null);
  }

  /** A wrong request field. */
  public static ApiError invalid(String param, String message) {
    return new ApiError(400, ErrorCode.INVALID_REQUEST, message, param, null);
  }

  /** The same error with another status, such as the upstream's own. */
  public ApiError withStatus(int other) {
    return new ApiError(other, code, message, param, retryAfter);
  }

  /** The same error with the time after which asking again may help. */
  public ApiError withRetryAfter(Duration after) {
    return new ApiError(status, code, message, param, after);
  }

  /** The same error in other words. */
  public ApiError withMessage(String words) {
    return new ApiError(status, code, words, param, retryAfter);
  }

  /** The same error with more words at the end of its message. */
  public ApiError withSuffix(String words) {
    return new ApiError(status, code, message + words, param, retryAfter);
  }

  /** Whether the same request would fail again, so that a client must not retry by itself. */
  public boolean deterministic() {
    return status >= 400 && status < 500 && status != 408 && status != 409 && status != 429;
  }

  /** The body of an error response. */
  public byte[] toJson() {
    JsonOut out = new JsonOut(128 + message.length());
    write(out, code.type().label(), code.label());
    return out.toBytes();
  }

  /**
   * The error as the one terminal event of a stream that has already begun.
   *
   * <p>Its code is one of the few that agents act on; digits would match the status patterns that
   * make OpenCode retry, so they are left out of the text.
   */
  public void writeTerminal(JsonOut out) {
    String where = param == null ? null : withoutDigits(param);
    ApiError spoken = new ApiError(status, code, withoutDigits(message), where, retryAfter);
    if (deterministic()) {
      spoken.write(out, ErrorCode.Type.INVALID_REQUEST.label(), code.label());
    } else {
      spoken.write(out, ErrorCode.Type.SERVER.label(), ErrorCode.SERVER_ERROR.label());
    }
  }

  private static String withoutDigits(String text) {
    return text.replaceAll("[0-9]+", "#");
  }

  private void write(JsonOut out, String type, String codeLabel) {
    out.ascii("{\"error\":{\"message\":").string(message);
    out.ascii(",\"type\":").string(type).ascii(",\"param\":");
    if (param == null) {
      out.ascii("null");
    } else {
      out.string(param);
    }
    out.ascii(",\"code\":").string(codeLabel).ascii("}}");
  }
}
