package dev.plimsoll.session;

/** Decides whether a client's own session id may be shown and stored as it is. */
final class ClientId {
  private static final int MAX_CHARACTERS = 128;

  private ClientId() {}

  /** Whether it is short, and free of characters that would garble a terminal, a log or a table. */
  static boolean showable(String value) {
    return value.codePointCount(0, value.length()) <= MAX_CHARACTERS
        && value.codePoints().allMatch(ClientId::printable);
  }

  private static boolean printable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
