package dev.plimsoll.admin;

import dev.plimsoll.metrics.UpstreamVitals;
import dev.plimsoll.upstream.ModelServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Whether tokens can be expected from the model server. Asks it a question that costs nothing when
 * nobody has heard of it for some seconds, one asker at a time.
 */
public final class UpstreamCheck implements Check.Look {
  private static final String NAME = "upstream";
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final Supplier<ModelServer> server;
  private final UpstreamVitals vitals;
  private final InstantSource clock;
  private final Semaphore asking = new Semaphore(1);

  /** Looks at the server that is configured at the time. */
  public UpstreamCheck(Supplier<ModelServer> server, UpstreamVitals vitals, InstantSource clock) {
    this.server = server;
    this.vitals = vitals;
    this.clock = clock;
  }

  @Override
  public Check look() throws InterruptedException {
    asking.acquire();
    try {
      ask();
    } finally {
      asking.release();
    }
    if (!vitals.answers()) {
      return Check.down(NAME, "The model server does not answer (upstream.url).");
    }
    if (vitals.failing()) {
      return Check.down(NAME, "The model server answers, but its last attempts all failed.");
    }
    return Check.up(NAME, "The model server answers; " + lastTokens() + ".");
  }

  private String lastTokens() {
    return vitals
        .lastSuccess()
        .map(at -> Duration.between(at, clock.instant()).toSeconds())
        .map(age -> "its last whole answer ended " + age + " s ago")
        .orElse("it has not been asked for an answer yet");
  }

  /** Lets somebody ask beside, for whoever does not wait for the answer. */
  void refresh() {
    if (vitals.askedWithin(FRESH) || !asking.tryAcquire()) {
      return;
    }
    Thread.ofVirtual()
        .name("plimsoll-upstream-check")
        .start(
            () -> {
              try {
                ask();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } finally {
                asking.release();
              }
            });
  }

  private void ask() throws InterruptedException {
    if (!vitals.askedWithin(FRESH)) {
      server.get().probe();
    }
  }
}
