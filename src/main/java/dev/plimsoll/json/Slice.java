package dev.plimsoll.json;

import java.util.Arrays;

/**
 * Some bytes of a larger array that are to be copied as they are.
 *
 * @param bytes the array; not copied, so the slice is valid only as long as its owner keeps it
 * @param start offset of the first byte
 * @param end offset after the last byte
 */
@SuppressWarnings("ArrayRecordComponent") // a view: equality is never asked
public record Slice(byte[] bytes, int start, int end) {
  /** The bytes at a span. */
  public static Slice at(byte[] bytes, Span span) {
    return new Slice(bytes, span.start(), span.end());
  }

  /** The number of bytes. */
  public int length() {
    return end - start;
  }

  /** A slice of its own that outlives the array. */
  public Slice copy() {
    return new Slice(Arrays.copyOfRange(bytes, start, end), 0, length());
  }

  /** Whether both hold the same bytes. */
  public boolean sameBytes(Slice other) {
    return Arrays.equals(bytes, start, end, other.bytes, other.start, other.end);
  }

  /** Appends the bytes. */
  public void writeTo(JsonOut out) {
    out.raw(bytes, start, end);
  }
}
