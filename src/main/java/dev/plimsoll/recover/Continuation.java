package dev.plimsoll.recover;

/**
 * How a model is brought to go on with an answer that broke off.
 *
 * @param text the answer so far
 * @param way what is done with it
 * @param note words for the model, where it is told
 */
public record Continuation(String text, Way way, String note) {
  /** The ways to go on. */
  public enum Way {
    /** The text is given to the server as the beginning of its answer. */
    PREFILLED,
    /** The text is in the conversation, and the model is told to go on. */
    TOLD
  }

  private static final int TAIL = 80;

  /**
   * Goes on with a text.
   *
   * @param callExpected whether it broke off in a tool call
   */
  public static Continuation of(String text, Way way, boolean callExpected) {
    int from = Math.max(0, text.length() - TAIL);
    String tail = text.substring(from > 0 && isLow(text, from) ? from + 1 : from);
    return new Continuation(text, way, callExpected ? Notes.MAKE_THE_CALL : Notes.goOn(tail));
  }

  private static boolean isLow(String text, int at) {
    return Character.isLowSurrogate(text.charAt(at));
  }
}
