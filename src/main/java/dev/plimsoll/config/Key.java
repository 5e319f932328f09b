package dev.plimsoll.config;

import java.util.Locale;
import java.util.function.Function;

/**
 * One key of the configuration: its path, what it accepts, where its value stands in a {@link
 * Config}, and whether a running Plimsoll can take a new value.
 */
record Key<T>(String path, ValueType<T> type, Function<Config, T> in, boolean needsRestart) {
  static final String ENVIRONMENT_PREFIX = "PLIMSOLL_";

  /** A key whose new value holds for the requests after a reload. */
  static <T> Key<T> of(String path, ValueType<T> type, Function<Config, T> in) {
    return new Key<>(path, type, in, false);
  }

  /** A key that is read once, at the start. */
  static <T> Key<T> atStart(String path, ValueType<T> type, Function<Config, T> in) {
    return new Key<>(path, type, in, true);
  }

  String environmentName() {
    String name = path.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    return ENVIRONMENT_PREFIX + name;
  }

  T defaultValue() {
    return in.apply(Config.DEFAULT);
  }

  boolean differs(Config one, Config other) {
    return !in.apply(one).equals(in.apply(other));
  }

  /** Refuses a value that a user could not have set either: a record made in code is checked. */
  void require(T value) {
    if (type.read(type.write(value)) instanceof ValueType.Read.Bad<T>(String why)) {
      throw new IllegalArgumentException(path + ": " + why + "; accepted: " + type.accepted());
    }
  }
}
