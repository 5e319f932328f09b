package dev.plimsoll.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes JSON into a growing array of bytes; commas and colons are the caller's.
 *
 * <p>Three kinds of input: ASCII text as it is ({@link #ascii}), pieces of other JSON byte for byte
 * ({@link #raw}), and Java text that becomes a JSON string ({@link #string}).
 */
public final class JsonOut {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes;
  private int length;

  /** Makes an empty output with room for {@code capacity} bytes. */
  public JsonOut(int capacity) {
    bytes = new byte[Math.max(16, capacity)];
  }

  /** The number of bytes written. */
  public int length() {
    return length;
  }

  /** A copy of what was written, exactly as long as it is. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  /**
   * The array written into; only its first {@link #length} bytes count, and only until the next
   * write.
   */
  public byte[] array() {
    return bytes;
  }

  /** Forgets what was written and keeps the room. */
  public void clear() {
    length = 0;
  }

  /** Appends text whose characters are all ASCII, as it is. */
  @SuppressWarnings("deprecation") // getBytes(int, int, byte[], int) is the fast path for ASCII
  public JsonOut ascii(String text) {
    int count = text.length();
    reserve(count);
    text.getBytes(0, count, bytes, length);
    length += count;
    return this;
  }

  /** Appends one ASCII character. */
  public JsonOut ascii(char c) {
    reserve(1);
    bytes[length++] = (byte) c;
    return this;
  }

  /** Appends a whole number. */
  public JsonOut number(long value) {
    return ascii(Long.toString(value));
  }

  /** Appends bytes as they are. */
  public JsonOut raw(byte[] source) {
    return raw(source, 0, source.length);
  }

  /** Appends a value of other JSON as it is. */
  public JsonOut raw(byte[] source, Span span) {
    return raw(source, span.start(), span.end());
  }

  /** Appends the bytes from {@code from} to before {@code to} as they are. */
  public JsonOut raw(byte[] source, int from, int to) {
    int count = to - from;
    reserve(count);
    System.arraycopy(source, from, bytes, length, count);
    length += count;
    return this;
  }

  /** Appends a JSON string that stands for this text, quotes included. */
  public JsonOut string(String text) {
    reserve(text.length() + 2);
    bytes[length++] = '"';
    text(text);
    return ascii('"');
  }

  /** Appends text as the inside of a JSON string, without quotes. */
  public JsonOut text(String text) {
    int count = text.length();
    for (int i = 0; i < count; i++) {
      char c = text.charAt(i);
      reserve(6);
      if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\') {
        bytes[length++] = (byte) c;
      } else if (c < 0x80) {
        escape(c);
      } else if (!Character.isSurrogate(c)) {
        length = Utf8.encode(c, bytes, length);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < count
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        length = Utf8.encode(Character.toCodePoint(c, text.charAt(++i)), bytes, length);
      } else {
        // A surrogate without its partner has no UTF-8 form; as an escape it survives.
        unicodeEscape(c);
      }
    }
    return this;
  }

  private void escape(char c) {
    switch (c) {
      case '"', '\\' -> shortEscape(c);
      case '\n' -> shortEscape('n');
      case '\r' -> shortEscape('r');
      case '\t' -> shortEscape('t');
      default -> unicodeEscape(c);
    }
  }

  private void shortEscape(char c) {
    bytes[length++] = '\\';
    bytes[length++] = (byte) c;
  }

  private void unicodeEscape(char c) {
    bytes[length++] = '\\';
    bytes[length++] = 'u';
    bytes[length++] = HEX[c >> 12];
    bytes[length++] = HEX[(c >> 8) & 15];
    bytes[length++] = HEX[(c >> 4) & 15];
    bytes[length++] = HEX[c & 15];
  }

  private void reserve(int count) {
    int needed = Math.addExact(length, count);
    if (needed > bytes.length) {
      bytes =
          Arrays.copyOf(bytes, Math.max(needed, Math.addExact(bytes.length, bytes.length >> 1)));
    }
  }
}
