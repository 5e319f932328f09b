package dev.plimsoll.turn;

import dev.plimsoll.calls.Repair;
import dev.plimsoll.chat.Usage;
import dev.plimsoll.compact.Plan;
import dev.plimsoll.ledger.AttemptEnd;
import dev.plimsoll.ledger.AttemptOutcome;
import dev.plimsoll.ledger.Outcome;
import dev.plimsoll.ledger.Purpose;
import dev.plimsoll.metrics.CompactionResult;
import dev.plimsoll.metrics.Metrics;
import dev.plimsoll.metrics.ModelLabel;
import dev.plimsoll.metrics.Phase;
import dev.plimsoll.metrics.Route;
import dev.plimsoll.upstream.ModelServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one request adds to the metrics. Its {@link Account} tells it the same as the ledger, in the
 * same moment, so that the two agree.
 */
final class Tally {
  private final Metrics metrics;
  private final ModelServer server;
  private final Route route;
  private final List<AttemptOutcome> incidents = new ArrayList<>(0);
  private @Nullable AttemptOutcome lastAttempt;
  private @Nullable ModelLabel label;
  private @Nullable String model;
  private boolean stream;

  Tally(Metrics metrics, ModelServer server, Endpoint endpoint) {
    this.metrics = metrics;
    this.server = server;
    this.route =
        switch (endpoint) {
          case CHAT -> Route.CHAT;
          case COMPLETION -> Route.COMPLETIONS;
          case EMBEDDINGS -> Route.EMBEDDINGS;
        };
  }

  void open(String session, String asked, boolean streams) {
    model = asked;
    stream = streams;
    metrics.session(session);
  }

  /** The list may be learnt while the request waits, so an unknown name is looked up again. */
  private ModelLabel label() {
    if (label == null && model != null) {
      label = server.listed(model).map(metrics::model).orElse(null);
    }
    return label == null ? ModelLabel.OTHER : label;
  }

  void attemptOpened() {
    if (lastAttempt != null && lastAttempt.callsForRecovery()) {
      incidents.add(lastAttempt);
    }
  }

  void attemptClosed(Purpose purpose, AttemptEnd end) {
    lastAttempt = end.outcome();
    metrics.attempt(label(), purpose, end);
  }

  /** The server counted a prompt that was planned. */
  void compared(long planned, long counted) {
    metrics.compared(label(), planned, counted);
  }

  /** Room was made in the conversation, or could not be made. */
  void compacted(Plan.Depth depth, CompactionResult result) {
    metrics.compacted(label(), depth, result);
  }

  /** It was planned what is sent of a conversation that had outgrown its window. */
  void fitted(long nanos) {
    metrics.fitted(label(), nanos);
  }

  /** So many tokens fewer were sent than came. */
  void saved(long tokens) {
    metrics.saved(label(), tokens);
  }

  /** The server cut a prompt without a word. */
  void cutInSilence() {
    metrics.cutInSilence(label());
  }

  /** An answer is good; a pace of 0 is not known. */
  void answered(double nanosPerToken, Set<Repair> repairs) {
    if (nanosPerToken > 0) {
      metrics.pace(label(), nanosPerToken);
    }
    repairs.forEach(repair -> metrics.repaired(label(), repair));
  }

  /**
   * The request has ended.
   *
   * @param firstByteNanos from its head to the first byte of its answer, 0 if none left
   * @param usage of the answer that was delivered
   * @param phase what was going on
   */
  void closed(
      int status,
      Outcome outcome,
      long nanos,
      long firstByteNanos,
      Usage usage,
      long window,
      Phase phase) {
    metrics.request(route, status, outcome);
    if (outcome == Outcome.CLIENT_CLOSED) {
      metrics.disconnected(phase);
    } else {
      incidents.forEach(reason -> metrics.recovery(label(), reason, outcome == Outcome.OK));
    }
    if (model == null) {
      return; // nobody knows what it asked for
    }
    metrics.duration(route, label(), stream, nanos);
    if (stream && firstByteNanos > 0) {
      metrics.firstToken(label(), firstByteNanos);
    }
    if (outcome == Outcome.OK && usage.total() > 0) {
      metrics.delivered(label(), usage, window);
    }
  }
}
