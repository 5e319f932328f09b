package dev.plimsoll.config;

import java.util.List;

/** What loading gives: a configuration, or everything that is wrong with it. */
public sealed interface Loaded {
  /** All values are known keys and in range. */
  record Valid(Config config) implements Loaded {}

  /** At least one mistake; all of them, in the order of the sources. */
  record Invalid(List<ConfigProblem> problems) implements Loaded {
    public Invalid {
      problems = List.copyOf(problems);
    }
  }
}
