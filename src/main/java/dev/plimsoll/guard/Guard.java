package dev.plimsoll.guard;

import dev.plimsoll.metrics.RejectReason;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The step before the routes: names every request, looks at its head, and passes it on or turns it
 * away. For one event loop only.
 */
final class Guard implements Handler<HttpServerRequest> {
  private final Port port;
  private final Supplier<Rules> rules;
  private final Connections connections;
  private final Refusals refusals;
  private final RequestWatch watch;
  private final Handler<HttpServerRequest> routes;
  private final HeadLines lines = new HeadLines();

  Guard(
      Port port,
      Supplier<Rules> rules,
      Connections connections,
      Refusals refusals,
      RequestWatch watch,
      Handler<HttpServerRequest> routes) {
    this.port = port;
    this.rules = rules;
    this.connections = connections;
    this.refusals = refusals;
    this.watch = watch;
    this.routes = routes;
  }

  @Override
  public void handle(HttpServerRequest request) {
    if (!begin(request)) {
      return;
    }
    Rules now = rules.get();
    request.headers().forEach(lines.clear());
    String method = request.method().name();
    Refusal refusal = HeadCheck.check(method, request.uri(), lines, now);
    if (refusal != null) {
      refusals.dismiss(request, refusal);
      return;
    }
    String origin = lines.origin;
    if (origin != null && now.origins().lists(origin)) {
      CrossOrigin.allow(request.response(), origin);
      if (HeadCheck.isPreflight(method, lines)) {
        CrossOrigin.answerPreflight(request);
        return;
      }
    }
    routes.handle(request);
  }

  /** Takes what the parser found to be no HTTP. */
  void invalid(HttpServerRequest request) {
    if (begin(request)) {
      refusals.dismiss(request, refusal(request.decoderResult().cause()));
    }
  }

  /** False for what was sent behind a refused request: it gets no answer at all. */
  private boolean begin(HttpServerRequest request) {
    Peer peer = connections.of(request.connection());
    if (peer == null || peer.refused()) {
      return false;
    }
    watch.begun(request);
    peer.begin(
        request,
        () -> {
          connections.ended(peer);
          watch.answered(request);
        });
    HttpServerResponse response = request.response();
    response.putHeader(Refusals.REQUEST_ID, port.requestIds().get());
    return true;
  }

  private static Refusal refusal(@Nullable Throwable cause) {
    return switch (cause) {
      case TooLongHttpLineException _ ->
          Refusal.framing(RejectReason.HEADERS, 414, "The request line is too long.");
      case TooLongHttpHeaderException _ ->
          Refusal.framing(RejectReason.HEADERS, 431, "The header lines are too long.");
      case Wire.UnknownVersion _ ->
          Refusal.framing(
              RejectReason.BAD_FRAMING, 505, "Only HTTP/1.0 and HTTP/1.1 are spoken here.");
      case null, default ->
          Refusal.framing(RejectReason.BAD_FRAMING, 400, "The request is not valid HTTP.");
    };
  }
}
