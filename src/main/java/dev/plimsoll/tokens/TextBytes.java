package dev.plimsoll.tokens;

import dev.plimsoll.json.Utf8;
import java.util.Arrays;

/** Text as the bytes that a model's server reads: UTF-8, half a surrogate pair as U+FFFD. */
final class TextBytes {
  private byte[] bytes;
  private int length;

  TextBytes(int capacity) {
    bytes = new byte[Math.max(16, capacity)];
  }

  /** The bytes of a whole text. */
  static byte[] bytes(CharSequence text) {
    TextBytes out = new TextBytes(text.length() + (text.length() >> 1));
    out.set(text, 0, text.length());
    return Arrays.copyOf(out.bytes, out.length);
  }

  /** Takes the bytes of a part of a text in place of what was here. */
  void set(CharSequence text, int from, int to) {
    length = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        room(1);
        bytes[length++] = (byte) c;
      } else if (Character.isHighSurrogate(c)
          && i + 1 < to
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        add(Character.toCodePoint(c, text.charAt(++i)));
      } else {
        add(Character.isSurrogate(c) ? 0xFFFD : c);
      }
    }
  }

  private void add(int codePoint) {
    room(4);
    length = Utf8.encode(codePoint, bytes, length);
  }

  private void room(int count) {
    if (length + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }
  }

  /** The bytes; only the first {@link #length} count, until the next {@link #set}. */
  byte[] array() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** How many bytes the character takes that begins with this one. */
  static int width(byte lead) {
    int b = lead & 0xFF;
    return b < 0x80 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
  }
}
