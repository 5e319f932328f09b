package dev.plimsoll.config;

import java.util.List;

/** What is logged and how. */
public record Log(Level level, Format format) {
  /** The least weight a line must have. */
  public enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG
  }

  /** How a line looks. */
  public enum Format {
    /** For people. */
    TEXT,
    /** One JSON object a line, for log collectors. */
    JSON
  }

  static final Key<Level> LEVEL = Key.of("log.level", Choice.of(Level.class), c -> c.log().level());
  static final Key<Format> FORMAT =
      Key.of("log.format", Choice.of(Format.class), c -> c.log().format());
  static final List<Key<?>> KEYS = List.of(LEVEL, FORMAT);

  public static final Log DEFAULT = new Log(Level.INFO, Format.TEXT);

  static Log from(Settings settings) {
    return new Log(settings.get(LEVEL), settings.get(FORMAT));
  }
}
