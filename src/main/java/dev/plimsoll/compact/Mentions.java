package dev.plimsoll.compact;

import dev.plimsoll.tokens.MessageCounter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Chooses the names that records mention: those that the model would see nowhere else any more. */
final class Mentions {
  private final MessageCounter counter;
  private final Sight sight;
  private final NameUses uses;
  private final Map<String, Draft> found = new LinkedHashMap<>();

  Mentions(MessageCounter counter, Sight sight, NameUses uses) {
    this.counter = counter;
    this.sight = sight;
    this.uses = uses;
  }

  /** Takes in the names of what a record stands for. */
  void note(Draft draft) {
    Set<String> names = new LinkedHashSet<>();
    Set<String> defined = new HashSet<>();
    for (String source : draft.sources()) {
      names.addAll(Names.in(source));
      if (!draft.spoken()) {
        source.lines().filter(Lines::defines).forEach(line -> defined.addAll(Names.in(line)));
      }
    }
    for (String name : names) {
      uses.note(name, draft.spoken(), defined.contains(name), draft.at());
      if (!sight.hasName(name)) {
        found.put(name, draft);
      }
    }
  }

  private record Candidate(String name, Draft draft, int rank) {}

  /** Lets the records mention the best names, in so many tokens. */
  void choose(long tokens) {
    List<Candidate> ranked = new ArrayList<>();
    found.forEach((name, draft) -> ranked.add(new Candidate(name, draft, NameRank.of(name, uses))));
    ranked.sort(
        Comparator.comparingInt((Candidate c) -> -c.rank()).thenComparingInt(c -> -c.draft().at()));
    long left = tokens;
    for (Candidate candidate : ranked) {
      String name = candidate.name();
      if (candidate.rank() == NameRank.NEVER || sight.hasName(name)) {
        continue;
      }
      int cost = counter.text(name) + 1;
      if (cost <= left) {
        left -= cost;
        candidate.draft().mention(name);
        sight.addNames(name);
      }
    }
  }
}
