package dev.plimsoll.http;

import dev.plimsoll.turn.HardClose;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * The connections of one event loop: how many there may be, and how long one may stay without a
 * request.
 *
 * <p>The HTTP server's own idle timeout counts silence, and a model that reads a long prompt is
 * silent; here a connection with a request under way is never idle.
 */
final class Connections {
  private final Vertx vertx;
  private final AtomicInteger all;
  private final LongSupplier nanoTime;
  private final Map<HttpConnection, Use> open = new HashMap<>();

  /** What a connection is doing. */
  private static final class Use {
    int requests;
    long idleSince;
    long timer;
  }

  /** Makes the register of one loop; {@code all} counts the connections of every loop. */
  Connections(Vertx vertx, AtomicInteger all, LongSupplier nanoTime) {
    this.vertx = vertx;
    this.all = all;
    this.nanoTime = nanoTime;
  }

  /**
   * A connection has come; false when it is one too many and was closed.
   *
   * @param gone runs when it has closed
   */
  boolean opened(HttpConnection connection, int most, Duration idleTimeout, Runnable gone) {
    if (all.incrementAndGet() > most) {
      all.decrementAndGet();
      connection.close();
      return false;
    }
    Use use = new Use();
    use.idleSince = nanoTime.getAsLong();
    open.put(connection, use);
    connection.closeHandler(
        _ -> {
          open.remove(connection);
          // A timer left behind would keep all that hangs on the connection alive until it fires.
          vertx.cancelTimer(use.timer);
          all.decrementAndGet();
          gone.run();
        });
    watch(connection, use, idleTimeout, idleTimeout.toMillis());
    return true;
  }

  /** A request has come; {@code answered} runs when its answer has been written. */
  void begin(HttpServerRequest request, Runnable answered) {
    Use use = open.get(request.connection());
    if (use != null) {
      use.requests++;
      request
          .response()
          .endHandler(
              _ -> {
                use.requests--;
                use.idleSince = nanoTime.getAsLong();
                answered.run();
              });
    }
  }

  /** One timer a connection, which looks at the clock and goes on waiting for the rest. */
  private void watch(HttpConnection connection, Use use, Duration limit, long millis) {
    use.timer =
        vertx.setTimer(
            Math.max(1, millis),
            _ -> {
              long idle = (nanoTime.getAsLong() - use.idleSince) / 1_000_000;
              if (use.requests == 0 && idle >= limit.toMillis()) {
                close(connection, use, limit);
              } else {
                watch(
                    connection,
                    use,
                    limit,
                    use.requests > 0 ? limit.toMillis() : limit.toMillis() - idle);
              }
            });
  }

  /** What the client has not read of its last answer gets the same time once more. */
  private void close(HttpConnection connection, Use use, Duration limit) {
    use.timer = vertx.setTimer(limit.toMillis(), _ -> HardClose.of(connection));
    connection.close();
  }
}
