package dev.plimsoll.ledger;

import dev.plimsoll.session.Agent;
import dev.plimsoll.session.Identity;
import dev.plimsoll.session.RequestKind;
import dev.plimsoll.session.SessionId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A session's row while it is written; guarded by its ledger's lock. */
final class MemorySession {
  final SessionId id;

  /** Oldest first. */
  final Deque<MemoryRequest> kept = new ArrayDeque<>();

  /** Grows with every sign of life, over all sessions; the order of the list. */
  long position;

  private final Instant startedAt;
  private Instant lastSeenAt;
  private @Nullable String parent;
  private Agent agent = Agent.UNKNOWN;
  private @Nullable String model;
  private int running;
  private long requests;
  private long attempts;
  private TokenSums tokens = TokenSums.ZERO;
  private ContextFill context = ContextFill.UNKNOWN;
  private long compactions;
  private long tokensSaved;
  private long recoveriesAttempted;
  private long recoveriesRecovered;

  MemorySession(SessionId id, Instant startedAt) {
    this.id = id;
    this.startedAt = startedAt;
    this.lastSeenAt = startedAt;
  }

  void opened(MemoryRequest request) {
    kept.addLast(request);
    requests++;
    running++;
    Identity identity = request.start.identity();
    if (identity.parent() != null) {
      parent = identity.parent().value();
    }
    if (identity.agent() != Agent.UNKNOWN) {
      agent = identity.agent();
    }
    model(identity.kind(), request.start.model());
    seen(request.start.startedAt());
  }

  void attemptOpened() {
    attempts++;
  }

  void attemptClosed(Purpose purpose, AttemptEnd end) {
    tokens = tokens.plus(purpose, end);
  }

  void closed(RequestRow row, RequestEnd end) {
    running--;
    seen(row.start().startedAt().plusMillis(end.durationMs()));
    if (row.start().identity().kind().isTurn()) {
      fill(row, end.prompt());
    }
    Compaction compaction = end.prompt().compaction();
    if (compaction != null) {
      compactions++;
      tokensSaved += compaction.saved();
    }
    if (row.recoveryAttempted()) {
      recoveriesAttempted++;
      recoveriesRecovered += end.outcome() == Outcome.OK ? 1 : 0;
    }
  }

  /** The request is no longer kept; it would never be told to have ended. */
  void forgotten(MemoryRequest request) {
    kept.remove(request);
    running -= request.isOpen() ? 1 : 0;
  }

  private void seen(Instant at) {
    lastSeenAt = at.isAfter(lastSeenAt) ? at : lastSeenAt;
  }

  /** A small model may write the titles; a session without turns shows what else it asked. */
  private void model(RequestKind kind, String name) {
    if (kind.isTurn() || (kind == RequestKind.OTHER && model == null)) {
      model = name;
    }
  }

  private void fill(RequestRow row, PromptSize prompt) {
    Long last = ContextFill.lastPrompt(row.attempts(), prompt);
    context =
        new ContextFill(
            prompt.window() == null ? context.window() : prompt.window(),
            last == null ? context.lastPrompt() : last);
  }

  SessionRow row() {
    SessionSums sums =
        new SessionSums(
            requests,
            attempts,
            tokens,
            compactions,
            tokensSaved,
            recoveriesAttempted,
            recoveriesRecovered);
    return new SessionRow(id, parent, agent, model, startedAt, lastSeenAt, running, sums, context);
  }
}
