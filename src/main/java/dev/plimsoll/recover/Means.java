package dev.plimsoll.recover;

import dev.plimsoll.config.Recovery;
import java.time.Duration;
import java.util.List;

/** What is left of the one budget of a client's request: attempts, time and generated tokens. */
record Means(Recovery config, List<Outcome> history, Situation situation) {
  /** Whether another attempt can be made after a pause. */
  boolean allow(Duration pause) {
    return !situation.single()
        && history.size() < config.maxAttempts()
        && situation.elapsed().plus(pause).compareTo(config.deadline()) < 0
        && tokens() > 0;
  }

  /** Tokens that may still be generated. */
  long tokens() {
    return config.maxGeneratedTokens() - generated();
  }

  /** Tokens of the client's own cap that have not been generated. */
  long tokensOfCap() {
    return situation.clientCap().orElse(Long.MAX_VALUE) - generated();
  }

  private long generated() {
    return history.stream().mapToLong(Outcome::generated).sum();
  }
}
