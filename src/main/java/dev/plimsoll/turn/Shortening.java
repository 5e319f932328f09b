package dev.plimsoll.turn;

import dev.plimsoll.compact.Plan;
import dev.plimsoll.ledger.Compaction;
import dev.plimsoll.ledger.CompactionTier;
import dev.plimsoll.metrics.CompactionResult;
import dev.plimsoll.tokens.Planned;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what was done about the size of a request: to the ledger for each one, to the metrics and
 * the log when room was made, which is once for many requests.
 */
final class Shortening {
  private static final Logger LOG = LoggerFactory.getLogger(Shortening.class);

  private final Arrival arrival;
  private final Account account;

  Shortening(Arrival arrival, Account account) {
    this.arrival = arrival;
    this.account = account;
  }

  /** What a plan did to a request, for the ledger; null for nothing. */
  static @Nullable Compaction in(@Nullable Plan plan, Planned original, Planned sent) {
    if (plan == null) {
      return null;
    }
    long saved = Math.max(0, original.tokens() - sent.tokens());
    return switch (plan.depth()) {
      case NONE -> null;
      case MASKED -> new Compaction(CompactionTier.MASKED, saved);
      case DROPPED -> new Compaction(CompactionTier.DROPPED, saved);
    };
  }

  /** Tells what came of fitting a request, and how long that took. */
  void of(Fitting.Fitted fitted, Planned original, long nanos) {
    switch (fitted) {
      case Fitting.Fitted.Sent(var _, var sent, var plan) -> {
        if (plan != null) {
          of(plan, plan.batches() > 0 ? CompactionResult.OK : null, nanos);
          if (plan.batches() > 0) {
            log(plan, original, sent, nanos);
          }
        }
      }
      case Fitting.Fitted.TooLong(var _, var plan) -> {
        if (plan != null) {
          of(plan, CompactionResult.TOO_LONG, nanos);
        }
      }
    }
  }

  private void of(Plan plan, @Nullable CompactionResult result, long nanos) {
    account.fitted(nanos);
    if (!plan.violations().isEmpty()) {
      LOG.atError()
          .addKeyValue("request", arrival.id())
          .addKeyValue("broken", plan.violations())
          .log("a plan broke its rules; a gentler one is used");
      account.compacted(plan.depth(), CompactionResult.GENTLER);
    } else if (result != null) {
      account.compacted(plan.depth(), result);
    }
  }

  private void log(Plan plan, Planned original, Planned sent, long nanos) {
    LOG.atInfo()
        .addKeyValue("request", arrival.id())
        .addKeyValue("tier", plan.depth().name().toLowerCase(Locale.ROOT))
        .addKeyValue("original", original.tokens())
        .addKeyValue("sent", sent.tokens())
        .addKeyValue("ms", nanos / 1_000_000)
        .log("made room in a conversation");
  }
}
