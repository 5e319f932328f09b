package dev.plimsoll.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What all clients together saw, and the first complaints. */
final class Tally {
  private static final int COMPLAINTS = 10;

  private final Map<String, Long> seen = new TreeMap<>();
  private final List<String> wrong = new ArrayList<>();
  private long left;

  synchronized void add(Errand errand, Seen what) {
    seen.merge(errand + " " + what, 1L, Long::sum);
    left += what == Seen.LEFT ? 1 : 0;
  }

  synchronized void complain(String what) {
    if (wrong.size() < COMPLAINTS) {
      wrong.add(what);
    }
  }

  /** Whether nobody has complained yet. */
  synchronized boolean good() {
    return wrong.isEmpty();
  }

  synchronized List<String> wrong() {
    return List.copyOf(wrong);
  }

  /** How often each errand got what. */
  synchronized Map<String, Long> seen() {
    return new TreeMap<>(seen);
  }

  /** How many clients left. */
  synchronized long left() {
    return left;
  }
}
