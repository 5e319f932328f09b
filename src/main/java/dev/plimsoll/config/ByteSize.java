package dev.plimsoll.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes within a range, in binary units. */
record ByteSize(long min, long max) implements ValueType<Long> {
  static final long KIB = 1024;
  static final long MIB = 1024 * KIB;
  static final long GIB = 1024 * MIB;

  private static final Pattern TEXT = Pattern.compile("(\\d{1,9})(B|KiB|MiB|GiB)");
  private static final Map<String, Long> UNITS =
      Map.of("B", 1L, "KiB", KIB, "MiB", MIB, "GiB", GIB);

  @Override
  public String accepted() {
    return "a size from " + write(min) + " to " + write(max) + ", in B, KiB, MiB or GiB";
  }

  @Override
  public Read<Long> read(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      boolean bare = text.matches("\\d+");
      return ValueType.refuse(text, bare ? "has no unit" : "is not a size");
    }
    long value = Long.parseLong(parts.group(1)) * UNITS.getOrDefault(parts.group(2), 1L);
    return value < min || value > max
        ? ValueType.refuse(text, "is out of range")
        : new Read.Good<>(value);
  }

  @Override
  public String write(Long value) {
    if (value % GIB == 0) {
      return value / GIB + "GiB";
    }
    if (value % MIB == 0) {
      return value / MIB + "MiB";
    }
    return value % KIB == 0 ? value / KIB + "KiB" : value + "B";
  }
}
