package dev.plimsoll.ledger;

import dev.plimsoll.session.RequestKind;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is to be remembered of a request's rows until all of them are closed. */
final class LiveRequest {
  final long seq;
  final String session;
  final RequestKind kind;
  final long startedMs;
  boolean open;
  boolean recovery;

  /** Tokens of the last prompt that the client got an answer to, null when nobody counted them. */
  @Nullable Long lastPrompt;

  private int lastPromptOf;
  private final Map<Integer, AttemptStart> openAttempts = new HashMap<>();

  LiveRequest(long seq, String session, RequestKind kind, long startedMs, boolean open) {
    this.seq = seq;
    this.session = session;
    this.kind = kind;
    this.startedMs = startedMs;
    this.open = open;
  }

  void opened(AttemptStart attempt) {
    openAttempts.put(attempt.number(), attempt);
    recovery |=
        switch (attempt.purpose()) {
          case RETRY, CONTINUATION -> true;
          case MAIN, COMPACTION -> false;
        };
  }

  /** What the attempt of that number began as, null when none is open. */
  @Nullable AttemptStart attempt(int number) {
    return openAttempts.get(number);
  }

  void closed(AttemptStart attempt, AttemptEnd end) {
    openAttempts.remove(attempt.number());
    boolean counts =
        end.delivered()
            && attempt.purpose() != Purpose.COMPACTION
            && end.tokenSource() != TokenSource.ESTIMATED
            && end.usage().prompt() > 0;
    if (counts && attempt.number() > lastPromptOf) {
      lastPromptOf = attempt.number();
      lastPrompt = end.usage().prompt();
    }
  }

  boolean isSettled() {
    return !open && openAttempts.isEmpty();
  }
}
