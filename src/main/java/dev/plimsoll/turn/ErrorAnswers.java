package dev.plimsoll.turn;

import dev.plimsoll.chat.ApiError;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** Sends an error as a whole HTTP answer. */
public final class ErrorAnswers {
  private ErrorAnswers() {}

  /**
   * Sends it, unless the client has left; a deterministic one tells SDKs not to retry. Completes
   * when it is written.
   */
  public static Future<Void> send(HttpServerResponse response, ApiError error) {
    if (response.ended() || response.closed()) {
      return Future.succeededFuture();
    }
    response.setStatusCode(error.status());
    response.putHeader("content-type", "application/json");
    if (error.retryAfter() != null) {
      response.putHeader("retry-after", Long.toString(Math.max(1, error.retryAfter().toSeconds())));
    }
    if (error.deterministic()) {
      response.putHeader("x-should-retry", "false");
    }
    return response.end(Buffer.buffer(error.toJson()));
  }
}
