package dev.plimsoll.http;

import dev.plimsoll.turn.HardClose;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Closes the connections on which no request has been under way for {@code listen.idle-timeout}.
 *
 * <p>Vert.x's own idle timeout would also cut a client that waits for its answer, which may take
 * minutes. Lives on one event loop.
 */
final class IdleConnections {
  private static final long NO_TIMER = -1;

  private final Vertx vertx;
  private final Supplier<Duration> timeout;
  private final Map<HttpConnection, Watch> watches = new HashMap<>();

  /** One open connection. */
  private static final class Watch {
    int requests;
    long timer = NO_TIMER;
  }

  IdleConnections(Vertx vertx, Supplier<Duration> timeout) {
    this.vertx = vertx;
    this.timeout = timeout;
  }

  void opened(HttpConnection connection) {
    Watch watch = new Watch();
    watches.put(connection, watch);
    arm(connection, watch);
  }

  void closed(HttpConnection connection) {
    Watch watch = watches.remove(connection);
    if (watch != null) {
      disarm(watch);
    }
  }

  /** A request has come: its connection is left alone until the answer has been written. */
  void asked(HttpServerRequest request) {
    HttpConnection connection = request.connection();
    Watch watch = watches.get(connection);
    if (watch == null) {
      return;
    }
    watch.requests++;
    disarm(watch);
    request.response().endHandler(_ -> answered(connection, watch));
  }

  private void answered(HttpConnection connection, Watch watch) {
    watch.requests--;
    if (watch.requests == 0 && watches.containsKey(connection)) {
      arm(connection, watch);
    }
  }

  private void arm(HttpConnection connection, Watch watch) {
    disarm(watch);
    watch.timer = vertx.setTimer(timeout.get().toMillis(), _ -> expired(connection, watch));
  }

  /** What a client has not read yet gets the same time once more. */
  private void expired(HttpConnection connection, Watch watch) {
    watch.timer = vertx.setTimer(timeout.get().toMillis(), _ -> HardClose.of(connection));
    connection.close();
  }

  private void disarm(Watch watch) {
    if (watch.timer != NO_TIMER) {
      vertx.cancelTimer(watch.timer);
      watch.timer = NO_TIMER;
    }
  }
}
