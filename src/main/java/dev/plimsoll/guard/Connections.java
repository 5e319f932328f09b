package dev.plimsoll.guard;

import dev.plimsoll.metrics.RejectReason;
import dev.plimsoll.turn.HardClose;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop: how many there may be, and how long one may stay without a
 * request.
 *
 * <p>The HTTP server's own idle timeout counts silence, and a model that reads a long prompt is
 * silent; here a connection with a request under way is never idle.
 */
final class Connections {
  private final Vertx vertx;
  private final Port port;
  private final Supplier<Rules> rules;
  private final RequestWatch watch;
  private final Map<HttpConnection, Peer> open = new HashMap<>();

  Connections(Vertx vertx, Port port, Supplier<Rules> rules, RequestWatch watch) {
    this.vertx = vertx;
    this.port = port;
    this.rules = rules;
    this.watch = watch;
  }

  /** Takes a new connection, or closes it at once. */
  void opened(HttpConnection connection) {
    // Whose request breaks off is told in other ways; left alone, Vert.x logs an error for it.
    connection.exceptionHandler(_ -> {});
    Rules.Limits limits = rules.get().limits();
    if (port.connections().incrementAndGet() > limits.connections()) {
      port.connections().decrementAndGet();
      port.rejected().accept(RejectReason.CONNECTIONS);
      connection.close();
      return;
    }
    ChannelHandlerContext context = ((ConnectionBase) connection).channelHandlerContext();
    Peer peer = new Peer(vertx, connection, context.channel(), port.bodies(), now());
    open.put(connection, peer);
    connection.closeHandler(
        _ -> {
          open.remove(connection);
          port.connections().decrementAndGet();
          peer.closed();
          watch.gone(connection);
        });
    new Wire(vertx, port, peer, () -> rules.get().limits().header()).join(context.pipeline());
    watch(connection, peer, limits.idle(), limits.idle().toMillis());
  }

  /** Who sent this; null when the connection was never taken. */
  @Nullable Peer of(HttpConnection connection) {
    return open.get(connection);
  }

  private long now() {
    return port.nanoTime().getAsLong();
  }

  /** A request's answer has ended. */
  void ended(Peer peer) {
    peer.end(now());
  }

  /** One timer a connection, which looks at the clock and goes on waiting for the rest. */
  private void watch(HttpConnection connection, Peer peer, Duration limit, long millis) {
    peer.after(
        millis,
        () -> {
          long idle = (now() - peer.idleSince()) / 1_000_000;
          if (!peer.busy() && idle >= limit.toMillis()) {
            close(connection, peer, limit);
          } else {
            watch(connection, peer, limit, limit.toMillis() - (peer.busy() ? 0 : idle));
          }
        });
  }

  /** What the client has not read of its last answer gets the same time once more. */
  private static void close(HttpConnection connection, Peer peer, Duration limit) {
    peer.after(limit.toMillis(), () -> HardClose.of(connection));
    connection.close();
  }
}
