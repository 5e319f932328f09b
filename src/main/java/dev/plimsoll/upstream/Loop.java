package dev.plimsoll.upstream;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;

/**
 * One event loop with the HTTP client that lives on it, so that the client's socket and the
 * upstream's share a thread and no chunk changes threads.
 *
 * @param vertx timers
 * @param context the loop
 * @param client makes upstream requests from this loop only
 */
public record Loop(Vertx vertx, Context context, HttpClient client) {
  /** Runs a task on the loop, after what the loop is doing now. */
  public void run(Runnable task) {
    context.runOnContext(_ -> task.run());
  }
}
