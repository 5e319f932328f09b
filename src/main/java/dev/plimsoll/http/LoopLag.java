package dev.plimsoll.http;

import dev.plimsoll.metrics.Metrics;
import io.vertx.core.Vertx;
import java.util.function.LongSupplier;

/** Measures how late the tasks of an event loop are: a timer twice a second tells its delay. */
final class LoopLag {
  private static final long MILLIS = 500;

  private LoopLag() {}

  /** Measures the calling loop until its verticle ends. */
  static void watch(Vertx vertx, LongSupplier nanoTime, Metrics metrics) {
    long[] last = {nanoTime.getAsLong()};
    vertx.setPeriodic(
        MILLIS,
        _ -> {
          long now = nanoTime.getAsLong();
          metrics.loopLag(Math.max(0, now - last[0] - MILLIS * 1_000_000));
          last[0] = now;
        });
  }
}
