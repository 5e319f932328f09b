package dev.plimsoll.ledger;

import dev.plimsoll.session.Agent;
import dev.plimsoll.session.Identity;
import dev.plimsoll.session.RequestKind;
import dev.plimsoll.session.SessionId;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction does to one session's row: written once, however many rows of that session
 * were in it.
 */
final class SessionChange {
  private final String id;
  private @Nullable SessionId opened;
  private long startedMs;
  private @Nullable String parent;
  private Agent agent = Agent.UNKNOWN;
  private @Nullable String turnModel;
  private @Nullable String otherModel;
  private @Nullable Long position;
  private long lastSeenMs = Long.MIN_VALUE;
  private int running;
  private int requests;
  private int attempts;
  private TokenSums tokens = TokenSums.ZERO;
  private @Nullable Long window;
  private @Nullable Long lastPrompt;
  private int compactions;
  private long saved;
  private int recoveriesAttempted;
  private int recoveriesRecovered;

  SessionChange(String id) {
    this.id = id;
  }

  void opened(RequestStart start, long at) {
    Identity who = start.identity();
    if (opened == null) {
      opened = who.id();
      startedMs = start.startedAt().toEpochMilli();
    }
    parent = who.parent() == null ? parent : who.parent().value();
    agent = who.agent() == Agent.UNKNOWN ? agent : who.agent();
    // A small model may write the titles; a session without turns shows what else it asked.
    if (who.kind().isTurn()) {
      turnModel = start.model();
    } else if (who.kind() == RequestKind.OTHER && otherModel == null) {
      otherModel = start.model();
    }
    position = at;
    lastSeenMs = Math.max(lastSeenMs, start.startedAt().toEpochMilli());
    running++;
    requests++;
  }

  void attemptOpened() {
    attempts++;
  }

  void attemptClosed(Purpose purpose, AttemptEnd end) {
    tokens = tokens.plus(purpose, end);
  }

  void closed(LiveRequest request, RequestEnd end, long at) {
    position = at;
    lastSeenMs = Math.max(lastSeenMs, request.startedMs + end.durationMs());
    running--;
    PromptSize prompt = end.prompt();
    if (request.kind.isTurn()) {
      Long last = request.lastPrompt == null ? prompt.sent() : request.lastPrompt;
      lastPrompt = last == null ? lastPrompt : last;
      window = prompt.window() == null ? window : prompt.window();
    }
    Compaction compaction = prompt.compaction();
    if (compaction != null) {
      compactions++;
      saved += compaction.saved();
    }
    if (request.recovery) {
      recoveriesAttempted++;
      recoveriesRecovered += end.outcome() == Outcome.OK ? 1 : 0;
    }
  }

  /** Writes it: a session that is new gets its row. */
  void write(Prepared upsert, Prepared update) throws SQLException {
    SessionId who = opened;
    Prepared statement = who == null ? update : upsert;
    statement.run(
        id,
        who == null ? null : who.source().label(),
        who == null ? null : who.clientId(),
        position,
        parent,
        agent.label(),
        turnModel,
        otherModel,
        startedMs,
        lastSeenMs,
        running,
        requests,
        attempts,
        tokens.prompt(),
        tokens.completion(),
        tokens.reasoning(),
        tokens.cached(),
        tokens.compaction(),
        tokens.discarded(),
        window,
        lastPrompt,
        compactions,
        saved,
        recoveriesAttempted,
        recoveriesRecovered);
  }
}
