package dev.plimsoll.testing;

import java.time.Duration;
import java.util.List;

/**
 * Something that goes wrong with one answer.
 *
 * <p>Faults combine: {@link Status}, {@link Raw} and {@link Refuse} replace the answer, {@link
 * ErrorLine}, {@link SseError} and {@link NoFinish} its end, the others act on what is then left.
 */
public sealed interface Fault extends Reply {
  /** Another status with a body of its own; JSON unless a header says otherwise. */
  record Status(int code, String body, List<Header> headers) implements Fault {
    public Status {
      headers = List.copyOf(headers);
    }
  }

  /** The body breaks off after that many bytes. */
  record CutAfter(long bytes, How how) implements Fault {}

  /** Silence after that many pieces. */
  record Stall(int afterPieces, Duration length) implements Fault {}

  /** Silence before the first byte of the response. */
  record SilentHeaders(Duration length) implements Fault {}

  /**
   * The model fails after that many pieces. The native API says so in a last line, Ollama's /v1
   * loses the text and sends an empty chunk of no model, llama-server sends an error event; an
   * answer that is not streamed becomes a status 500.
   */
  record ErrorLine(int afterPieces, String text) implements Fault {}

  /** After that many pieces one event with this JSON, then the end. */
  record SseError(int afterPieces, String json) implements Fault {}

  /** The connection is closed before any byte. */
  record Refuse() implements Fault {}

  /** Status 200 with exactly this body. */
  record Raw(Body body, String contentType) implements Fault {
    public Raw(String body, String contentType) {
      this(Body.of(body), contentType);
    }
  }

  /** A clean end of the body without the lines that end an answer. */
  record NoFinish() implements Fault {}

  /** How a body ends that is cut. */
  enum How {
    /** The connection is closed in the middle of the body. */
    FIN,
    /** The connection is reset in the middle of the body. */
    RST,
    /** The body ends properly, only too early. */
    CLEAN_END
  }

  static Status status(int code, String body) {
    return new Status(code, body, List.of());
  }

  /** An error as the native API writes it. */
  static Status nativeError(int code, String text) {
    return status(code, JsonText.go(JsonText.object().put("error", text)));
  }

  /** The prompt does not fit: the text is llama-server's whole JSON, quoted once more. */
  static Status contextExceeded(int promptTokens, int window) {
    return nativeError(400, llamaContextExceeded(promptTokens, window).body());
  }

  /** The prompt does not fit, as llama-server says it. */
  static Status llamaContextExceeded(int promptTokens, int window) {
    String message =
        "request (%d tokens) exceeds the available context size (%d tokens), try increasing it"
            .formatted(promptTokens, window);
    return status(
        400,
        "{\"error\":{\"code\":400,\"message\":\"%s\",\"type\":\"exceed_context_size_error\",\"n_prompt_tokens\":%d,\"n_ctx\":%d}}"
            .formatted(message, promptTokens, window));
  }

  /** The queue for loads is full; the two spaces are Ollama's. */
  static Status busy() {
    return nativeError(503, "server busy, please try again.  maximum pending requests exceeded");
  }

  /** The runner is gone when the request comes. */
  static Status runnerStopped() {
    return nativeError(
        500,
        "model runner has unexpectedly stopped, this may be due to resource limitations or an"
            + " internal error, check ollama server logs for details");
  }

  /** The runner dies in the middle of an answer. */
  static ErrorLine runnerDied(int afterPieces) {
    return new ErrorLine(
        afterPieces, "an error was encountered while running the model: unexpected EOF");
  }
}
