package dev.plimsoll.config;

import java.util.List;

/** What one source holds: settings to be checked, and what could not be read as such. */
record Found(List<Setting> settings, List<ConfigProblem> problems) {
  Found {
    settings = List.copyOf(settings);
    problems = List.copyOf(problems);
  }

  static Found nothingBut(ConfigProblem problem) {
    return new Found(List.of(), List.of(problem));
  }
}
