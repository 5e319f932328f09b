package dev.plimsoll.json;

/**
 * Where a JSON value stands in its bytes.
 *
 * @param start offset of the first byte
 * @param end offset after the last byte
 */
public record Span(int start, int end) {
  /** Checks the order of the two offsets. */
  public Span {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("span " + start + ".." + end);
    }
  }

  /** The number of bytes. */
  public int length() {
    return end - start;
  }
}
