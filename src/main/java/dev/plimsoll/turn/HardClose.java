package dev.plimsoll.turn;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Closes a socket under what its client has not read.
 *
 * <p>Vert.x's own close waits until that is written (VertxConnection.writeClose of 5.1), which with
 * a client that does not read is never.
 */
public final class HardClose {
  private HardClose() {}

  /** Closes it now; for the loop of the connection only. */
  public static void of(HttpConnection connection) {
    if (connection instanceof ConnectionBase base) {
      var _ = base.channelHandlerContext().close();
    } else {
      connection.close();
    }
  }
}
