package dev.plimsoll.guard;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.ErrorCode;
import dev.plimsoll.metrics.RejectReason;
import dev.plimsoll.turn.ErrorAnswers;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** Turns requests away: counts them, tells their senders, and ends their connections if need be. */
public final class Refusals {
  /** The answer's header with the id of its request, on every answer of both ports. */
  public static final String REQUEST_ID = "x-request-id";

  private final Port port;
  private final Connections connections;
  private final RequestWatch watch;

  Refusals(Port port, Connections connections, RequestWatch watch) {
    this.port = port;
    this.connections = connections;
    this.watch = watch;
  }

  /** Answers a request that was whole and in order, but is not served; its connection stays. */
  public void answer(HttpServerRequest request, RejectReason reason, ApiError error) {
    var _ = send(request, new Refusal(reason, error));
  }

  /** Answers a request and ends its connection: nothing that was sent behind it is served. */
  void dismiss(HttpServerRequest request, Refusal refusal) {
    Peer peer = connections.of(request.connection());
    if (peer == null || peer.refused()) {
      return;
    }
    peer.refuse(); // before the answer: its end lets a pipelined request in
    request.response().putHeader("connection", "close");
    send(request, refusal).onComplete(_ -> peer.leave());
  }

  private Future<Void> send(HttpServerRequest request, Refusal refusal) {
    HttpServerResponse response = request.response();
    port.rejected().accept(refusal.reason());
    watch.refused(request);
    ApiError error = refusal.error();
    if (error.status() == 401 && error.code() == ErrorCode.INVALID_API_KEY) {
      response.putHeader("www-authenticate", "Bearer");
    }
    String id = response.headers().get(REQUEST_ID);
    return ErrorAnswers.send(response, id == null ? error : error.withSuffix(" (" + id + ")"));
  }
}
