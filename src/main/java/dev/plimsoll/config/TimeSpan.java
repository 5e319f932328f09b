package dev.plimsoll.config;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A length of time within a range, always with its unit: a bare number could be anything. */
record TimeSpan(Duration min, Duration max) implements ValueType<Duration> {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  static TimeSpan between(String min, String max) {
    return new TimeSpan(span(min), span(max));
  }

  @Override
  public String accepted() {
    return "a time from " + write(min) + " to " + write(max) + ", in ms, s, m, h or d";
  }

  @Override
  public Read<Duration> read(String text) {
    if (!TEXT.matcher(text).matches()) {
      boolean bare = text.matches("\\d+");
      return ValueType.refuse(text, bare ? "has no unit" : "is not a time");
    }
    Duration value = span(text);
    return value.compareTo(min) < 0 || value.compareTo(max) > 0
        ? ValueType.refuse(text, "is out of range")
        : new Read.Good<>(value);
  }

  @Override
  public String write(Duration value) {
    long millis = value.toMillis();
    for (Unit unit : Unit.LARGEST_FIRST) {
      if (millis != 0 && millis % unit.millis == 0) {
        return millis / unit.millis + unit.name;
      }
    }
    return "0s";
  }

  private static Duration span(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(text);
    }
    return Duration.ofMillis(Long.parseLong(parts.group(1)) * Unit.named(parts.group(2)).millis);
  }

  private record Unit(String name, long millis) {
    static final List<Unit> LARGEST_FIRST =
        List.of(
            new Unit("d", 86_400_000),
            new Unit("h", 3_600_000),
            new Unit("m", 60_000),
            new Unit("s", 1_000),
            new Unit("ms", 1));

    static Unit named(String name) {
      return LARGEST_FIRST.stream().filter(u -> u.name.equals(name)).findFirst().orElseThrow();
    }
  }
}
