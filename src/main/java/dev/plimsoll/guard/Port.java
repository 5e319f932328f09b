package dev.plimsoll.guard;

import dev.plimsoll.metrics.RejectReason;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What all event loops of one port share.
 *
 * @param requestIds gives each request its id
 * @param rejected is told once of every request that is turned away, on any thread
 * @param connections counts the open connections
 * @param bodies the memory for request bodies; ports may share it
 * @param nanoTime nanoseconds of a monotonic clock
 */
public record Port(
    Supplier<String> requestIds,
    Consumer<RejectReason> rejected,
    AtomicInteger connections,
    BodyBudget bodies,
    LongSupplier nanoTime) {
  /** A port to which nobody is connected yet. */
  public Port(
      Supplier<String> requestIds,
      Consumer<RejectReason> rejected,
      BodyBudget bodies,
      LongSupplier nanoTime) {
    this(requestIds, rejected, new AtomicInteger(), bodies, nanoTime);
  }
}
