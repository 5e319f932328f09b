package dev.plimsoll.guard;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** Writes the headers that let a listed web page ask and read (the CORS protocol). */
final class CrossOrigin {
  /** Browsers keep the answer to a preflight for two hours at most. */
  private static final String MAX_AGE_SECONDS = "7200";

  private static final String READABLE =
      "x-request-id, x-should-retry, retry-after, x-plimsoll-session, x-plimsoll-window,"
          + " x-plimsoll-attempts, x-plimsoll-compaction, x-plimsoll-tokens-original,"
          + " x-plimsoll-tokens-sent";

  private CrossOrigin() {}

  /** Lets a page of this origin, which is listed, read the answer. */
  static void allow(HttpServerResponse response, String origin) {
    response.putHeader("access-control-allow-origin", origin);
    response.putHeader("access-control-expose-headers", READABLE);
    response.putHeader("vary", "Origin");
  }

  /** Says that the page may send what it wants to send. */
  static void answerPreflight(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    response.headers().remove("access-control-expose-headers");
    response.putHeader("access-control-allow-methods", "GET, HEAD, POST, DELETE");
    String wanted = request.getHeader("access-control-request-headers");
    if (wanted != null) {
      response.putHeader("access-control-allow-headers", wanted);
    }
    response.putHeader("access-control-max-age", MAX_AGE_SECONDS);
    response.putHeader(
        "vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
    response.setStatusCode(204).end();
  }
}
