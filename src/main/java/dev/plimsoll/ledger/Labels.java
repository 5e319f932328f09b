package dev.plimsoll.ledger;

import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.session.Agent;
import dev.plimsoll.session.RequestKind;
import dev.plimsoll.session.Source;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * From the words in the ledger's file back to the closed sets.
 *
 * <p>A word that is none of them, because a bit flipped in the file, reads as the member of the set
 * that claims least: one bad row must not hide the others.
 *
 * @param <E> the set
 */
final class Labels<E extends Enum<E>> {
  static final Labels<Source> SOURCES = new Labels<>(Source.class, Source::label, Source.PREFIX);
  static final Labels<Agent> AGENTS = new Labels<>(Agent.class, Agent::label, Agent.UNKNOWN);
  static final Labels<RequestKind> KINDS =
      new Labels<>(RequestKind.class, RequestKind::label, RequestKind.OTHER);
  static final Labels<Purpose> PURPOSES = new Labels<>(Purpose.class, Purpose::label, Purpose.MAIN);
  static final Labels<Outcome> OUTCOMES =
      new Labels<>(Outcome.class, Outcome::label, Outcome.INTERRUPTED);
  static final Labels<AttemptOutcome> ATTEMPT_OUTCOMES =
      new Labels<>(AttemptOutcome.class, AttemptOutcome::label, AttemptOutcome.ABANDONED);
  static final Labels<TokenSource> TOKEN_SOURCES =
      new Labels<>(TokenSource.class, TokenSource::label, TokenSource.ESTIMATED);
  static final Labels<FinishReason> FINISH_REASONS =
      new Labels<>(FinishReason.class, FinishReason::label, FinishReason.STOP);
  static final Labels<CompactionTier> TIERS =
      new Labels<>(CompactionTier.class, CompactionTier::label, CompactionTier.MASKED);

  private final Map<String, E> constants;
  private final E least;

  private Labels(Class<E> type, Function<E, String> label, E least) {
    this.constants =
        Arrays.stream(type.getEnumConstants()).collect(Collectors.toMap(label, each -> each));
    this.least = least;
  }

  E of(String label) {
    return constants.getOrDefault(label, least);
  }

  @Nullable E ofNullable(@Nullable String label) {
    return label == null ? null : of(label);
  }
}
