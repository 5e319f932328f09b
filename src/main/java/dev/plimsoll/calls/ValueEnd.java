package dev.plimsoll.calls;

/**
 * Finds the end of a JSON object or string by its braces and quotes, each character once; whether
 * it is JSON inside is somebody else's question.
 */
final class ValueEnd {
  /** Stands for a value that has not begun. */
  static final ValueEnd NONE = new ValueEnd(0);

  private final int start;
  private int at;
  private int depth;
  private boolean inString;
  private boolean escaped;

  ValueEnd(int start) {
    this.start = start;
    this.at = start;
  }

  int start() {
    return start;
  }

  /** The offset behind the value, or {@link GrowingText#MORE} or {@link GrowingText#NOT}. */
  int find(GrowingText text) {
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (inString) {
        inString = escaped || c != '"';
        escaped = !escaped && c == '\\';
      } else if (c == '"') {
        inString = true;
      } else if (c == '{' || c == '[') {
        depth++;
      } else if (c == '}' || c == ']') {
        depth--;
      }
      if (depth == 0 && !inString) {
        return at;
      }
    }
    return text.more();
  }
}
