package dev.plimsoll.config;

/**
 * What a key accepts: how its text is read, how a value is written, and how both are told to the
 * user.
 *
 * <p>Text in, because the file, the environment and the command line then obey the same rules.
 * {@code read(write(v))} gives {@code v} for every value in range, so one rule also checks records
 * that were made in code.
 */
interface ValueType<T> {
  /** What is accepted, in the words of the documentation. */
  String accepted();

  /** Reads one text; the empty text stands for "no value". */
  Read<T> read(String text);

  /** Writes a value as a user would. */
  String write(T value);

  /** A value, or why the text is none. */
  sealed interface Read<T> {
    /** The text was accepted. */
    record Good<T>(T value) implements Read<T> {}

    /** The text was refused. */
    record Bad<T>(String why) implements Read<T> {}
  }

  /** Refuses a text and shows it, shortened and without control characters. */
  static <T> Read<T> refuse(String text, String why) {
    return new Read.Bad<>(text.isEmpty() ? "has no value" : quoted(text) + " " + why);
  }

  /** A user's text, fit for one line of a message. */
  static String quoted(String text) {
    return '"' + oneLine(text, 60) + '"';
  }

  /**
   * Text that may stand anywhere in one line of a terminal: shortened to about {@code most}
   * characters, with a question mark for each that would end the line, move the cursor or turn the
   * direction of writing.
   */
  static String oneLine(String text, int most) {
    String plain = text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
    if (plain.length() <= most) {
      return plain;
    }
    int end = Character.isHighSurrogate(plain.charAt(most - 1)) ? most - 1 : most;
    return plain.substring(0, end) + "…";
  }
}
