package dev.plimsoll.chat;

import java.util.Locale;

/**
 * The closed list of {@code error.code} values, each with the HTTP status and type it goes out
 * with.
 */
public enum ErrorCode {
  INVALID_JSON(400, Type.INVALID_REQUEST),
  INVALID_REQUEST(400, Type.INVALID_REQUEST),
  UNSUPPORTED_MEDIA_TYPE(415, Type.INVALID_REQUEST),
  BODY_TOO_LARGE(413, Type.INVALID_REQUEST),
  BAD_FRAMING(400, Type.INVALID_REQUEST),
  HOST_NOT_ALLOWED(403, Type.INVALID_REQUEST),
  ORIGIN_NOT_ALLOWED(403, Type.INVALID_REQUEST),
  INVALID_API_KEY(401, Type.AUTHENTICATION),
  NOT_FOUND(404, Type.INVALID_REQUEST),
  METHOD_NOT_ALLOWED(405, Type.INVALID_REQUEST),
  MANAGEMENT_DISABLED(403, Type.INVALID_REQUEST),
  MODEL_NOT_FOUND(404, Type.INVALID_REQUEST),
  CONTEXT_LENGTH_EXCEEDED(400, Type.INVALID_REQUEST),
  /** What was tried did not help, and the same request would fail the same way. */
  RECOVERY_EXHAUSTED(422, Type.INVALID_REQUEST),
  UPSTREAM_UNREACHABLE(502, Type.SERVER),
  UPSTREAM_TIMEOUT(504, Type.SERVER),
  UPSTREAM_ERROR(502, Type.SERVER),
  UPSTREAM_OVERLOADED(503, Type.SERVER),
  QUEUE_FULL(429, Type.SERVER),
  SHUTTING_DOWN(503, Type.SERVER),
  SERVER_ERROR(500, Type.SERVER);

  /** The values of {@code error.type}: the caller's fault, the caller's key, or neither. */
  public enum Type {
    INVALID_REQUEST("invalid_request_error"),
    AUTHENTICATION("authentication_error"),
    SERVER("server_error");

    private final String label;

    Type(String label) {
      this.label = label;
    }

    /** The name on the wire. */
    public String label() {
      return label;
    }
  }

  private final int status;
  private final Type type;

  ErrorCode(int status, Type type) {
    this.status = status;
    this.type = type;
  }

  /** The HTTP status that goes with it when nothing was sent yet. */
  public int status() {
    return status;
  }

  /** The {@code error.type} that goes with it. */
  public Type type() {
    return type;
  }

  /** The name on the wire. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
