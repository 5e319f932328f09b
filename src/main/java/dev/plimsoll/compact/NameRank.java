package dev.plimsoll.compact;

/**
 * How likely a name is to be used again, as a number; a higher one is kept longer.
 *
 * <p>The order was measured on recorded runs: of a thousand tokens of names, those that the
 * assistant spoke itself were asked for again 50 to 120 times, names from defining lines 15 to 35
 * times, names seen in several messages about 8 times, others 1 to 3 times, commit hashes never.
 */
final class NameRank {
  /** What the assistant spoke is at least worth this. */
  static final int SPOKEN = 100;

  /** A line of a command that was run more than once. */
  static final int REPEATED_COMMAND = 95;

  private static final int DEFINED = 50;

  /** A command that was run once. */
  static final int COMMAND = 45;

  private static final int REPEATED = 30;
  private static final int SEEN = 10;
  static final int NEVER = 0;

  private NameRank() {}

  static int of(String name, NameUses uses) {
    int messages = Math.min(uses.messages(name), 9);
    int spoken = Math.min(uses.spoken(name), 9);
    if (spoken > 0) {
      return SPOKEN + 10 * spoken + messages;
    }
    boolean path = name.indexOf('/') >= 0;
    if (uses.defined(name) && !path && name.indexOf('.') < 0) {
      return DEFINED + 10 * Math.min(messages, 3);
    }
    if (isHex(name)) {
      return NEVER;
    }
    if (messages > 1) {
      return REPEATED + messages - (path ? 5 : 0);
    }
    return path ? NEVER + 1 : SEEN;
  }

  private static boolean isHex(String name) {
    return name.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }
}
