package dev.plimsoll.ledger;

import dev.plimsoll.chat.Usage;

/**
 * The tokens of many attempts; each token counts once, in one of prompt, completion, compaction and
 * discarded.
 *
 * @param prompt prompt tokens of attempts that the client got something from
 * @param completion tokens generated for the client, reasoning included
 * @param reasoning the part of completion that was reasoning
 * @param cached the part of prompt that the upstream's cache already held
 * @param compaction all tokens of calls that made a conversation shorter
 * @param discarded all tokens of attempts of which the client got nothing
 */
public record TokenSums(
    long prompt, long completion, long reasoning, long cached, long compaction, long discarded) {
  /** Nothing yet. */
  public static final TokenSums ZERO = new TokenSums(0, 0, 0, 0, 0, 0);

  /** Everything that the upstream processed. */
  public long total() {
    return prompt + completion + compaction + discarded;
  }

  /** The sums with one more attempt. */
  TokenSums plus(Purpose purpose, AttemptEnd end) {
    Usage usage = end.usage();
    if (purpose == Purpose.COMPACTION) {
      return new TokenSums(
          prompt, completion, reasoning, cached, compaction + usage.total(), discarded);
    }
    if (!end.delivered()) {
      return new TokenSums(
          prompt, completion, reasoning, cached, compaction, discarded + usage.total());
    }
    return new TokenSums(
        prompt + usage.prompt(),
        completion + usage.completion(),
        reasoning + usage.reasoning(),
        cached + usage.cached(),
        compaction,
        discarded);
  }
}
