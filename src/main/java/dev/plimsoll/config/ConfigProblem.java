package dev.plimsoll.config;

/**
 * One mistake in the configuration.
 *
 * @param source where it stands: {@code file:line:column}, a variable, an option
 * @param key the path of the key, or empty when the mistake concerns none
 * @param wrong what is wrong
 * @param hint what would be accepted
 */
public record ConfigProblem(String source, String key, String wrong, String hint) {
  private static final int MAX_TEXT = 200;

  /** Makes what a user wrote fit for a terminal: a key may be any text. */
  public ConfigProblem {
    key = ValueType.oneLine(key, MAX_TEXT);
    wrong = ValueType.oneLine(wrong, MAX_TEXT);
  }

  static ConfigProblem unknownKey(Setting setting) {
    String nearest = "the nearest known key is " + Keys.nearest(setting.path());
    return new ConfigProblem(setting.source(), setting.path(), "unknown key", nearest);
  }

  /** The mistake as one line. */
  @Override
  public String toString() {
    return source + ": " + (key.isEmpty() ? "" : key + ": ") + wrong + "; " + hint;
  }
}
