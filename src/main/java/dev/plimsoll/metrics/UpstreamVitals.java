package dev.plimsoll.metrics;

import dev.plimsoll.ledger.AttemptOutcome;
import dev.plimsoll.upstream.UpstreamWatch;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Whether tokens come out of the model server, as far as can be told without asking for any.
 *
 * <p>It counts as down when it left the last question unanswered, or when its last {@value
 * #FAILURES} attempts all failed and the last of them is not long ago: one prompt that kills a
 * runner is not the server's end, and a server that nobody asks may have recovered.
 */
public final class UpstreamVitals implements UpstreamWatch {
  static final int FAILURES = 3;
  static final Duration MEMORY = Duration.ofMinutes(1);

  private final LongSupplier nanoTime;
  private final InstantSource wall;
  private boolean answers;
  private boolean asked;
  private long askedAt;
  private int failures;
  private long failedAt;
  private Optional<Instant> lastSuccess = Optional.empty();

  /** Starts without knowing anything; takes a monotonic clock and the wall clock. */
  public UpstreamVitals(LongSupplier nanoTime, InstantSource wall) {
    this.nanoTime = nanoTime;
    this.wall = wall;
  }

  @Override
  public synchronized void contact(boolean answered) {
    answers = answered;
    asked = true;
    askedAt = nanoTime.getAsLong();
  }

  /** Learns from an attempt; one that its client ended says nothing about the server. */
  public synchronized void attempt(AttemptOutcome outcome) {
    switch (outcome) {
      case OK -> {
        well();
        lastSuccess = Optional.of(wall.instant());
      }
      case STREAM_CUT, UPSTREAM_ERROR, RUNNER_CRASH, TIMEOUT -> {
        failures++;
        failedAt = nanoTime.getAsLong();
      }
      // The server is well: it said no, or the model said something that cannot be used.
      case REFUSED,
          LENGTH_IN_TOOL_CALL,
          LENGTH_IN_TEXT,
          INVALID_TOOL_ARGUMENTS,
          TEXT_TOOL_CALL,
          UNKNOWN_TOOL,
          SCHEMA_MISMATCH,
          EMPTY_RESPONSE,
          OVERFLOW,
          REPETITION ->
          well();
      case CLIENT_CLOSED, ABANDONED, NOT_SENT, INTERRUPTED -> {}
    }
  }

  private void well() {
    contact(true);
    failures = 0;
  }

  /** Whether it answers; false until it has been asked. */
  public synchronized boolean answers() {
    return answers;
  }

  /** Whether its last attempts all failed, a short while ago. */
  public synchronized boolean failing() {
    return failures >= FAILURES && nanoTime.getAsLong() - failedAt < MEMORY.toNanos();
  }

  /** Whether it answers and does not fail. */
  public boolean up() {
    return answers() && !failing();
  }

  /** Whether it was asked, or answered an attempt, within that time. */
  public synchronized boolean askedWithin(Duration time) {
    return asked && nanoTime.getAsLong() - askedAt < time.toNanos();
  }

  /** When an attempt last ended in a whole answer. */
  public synchronized Optional<Instant> lastSuccess() {
    return lastSuccess;
  }

  /** Another server stands behind the proxy from now on. */
  public synchronized void forget() {
    asked = false;
    answers = false;
    failures = 0;
    lastSuccess = Optional.empty();
  }
}
