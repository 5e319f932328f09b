package dev.plimsoll.guard;

import dev.plimsoll.turn.HardClose;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;

/** What is known of one connection; lives on its event loop. */
final class Peer {
  /** A client that was refused may still be sending; so long it gets to see the answer. */
  private static final long FAREWELL_MILLIS = 2_000;

  private final Vertx vertx;
  private final HttpConnection connection;
  private final Channel channel;
  private final BodyBudget budget;
  private int requests;
  private long idleSince;
  private long held;
  private long timer = -1;
  private boolean refused;
  private boolean leaving;

  Peer(Vertx vertx, HttpConnection connection, Channel channel, BodyBudget budget, long now) {
    this.vertx = vertx;
    this.connection = connection;
    this.channel = channel;
    this.budget = budget;
    this.idleSince = now;
  }

  /** A request begins; it counts until its answer has ended. */
  void begin(HttpServerRequest request, Runnable ended) {
    requests++;
    request.response().endHandler(_ -> ended.run());
  }

  void end(long now) {
    requests--;
    idleSince = now;
    release();
  }

  boolean busy() {
    return requests > 0;
  }

  long idleSince() {
    return idleSince;
  }

  /** Whether nothing more is served here. */
  boolean refused() {
    return refused;
  }

  /** From now on nothing more is served, whatever was sent already. */
  void refuse() {
    refused = true;
  }

  /** Keeps account of memory for the body of the request under way. */
  void hold(long bytes) {
    held += bytes;
  }

  private void release() {
    budget.give(held);
    held = 0;
  }

  /** Replaces the one timer of the connection. */
  void after(long millis, Runnable action) {
    if (!leaving) {
      vertx.cancelTimer(timer);
      timer = vertx.setTimer(Math.max(1, millis), _ -> action.run());
    }
  }

  /**
   * Ends the connection so that the client still sees its answer: our half is closed now, the rest
   * when the client has closed its own. Closing at once while it still sends would make its system
   * throw away what it has not read.
   */
  void leave() {
    if (leaving) {
      return;
    }
    refused = true;
    after(FAREWELL_MILLIS, () -> HardClose.of(connection));
    leaving = true;
    if (channel instanceof DuplexChannel duplex) {
      var _ = duplex.shutdownOutput();
    } else {
      connection.close();
    }
  }

  /** The connection is closed. */
  void closed() {
    // A timer left behind would keep all that hangs on the connection alive until it fires.
    vertx.cancelTimer(timer);
    leaving = true;
    release();
  }
}
