package dev.plimsoll.tokens;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The letters by which byte-level vocabularies write bytes (GPT-2's bytes_to_unicode): printable
 * Latin-1 stands for itself, every other byte for a letter from U+0100 on.
 */
final class ByteAlphabet {
  private static final int LETTERS = 0x100 + 68;
  private static final short NO_BYTE = -1;
  private static final short[] BYTE_OF = new short[LETTERS];

  static {
    Arrays.fill(BYTE_OF, NO_BYTE);
    int next = 0x100;
    for (int b = 0; b < 0x100; b++) {
      boolean printable =
          (b >= 0x21 && b <= 0x7E) || (b >= 0xA1 && b <= 0xAC) || (b >= 0xAE && b <= 0xFF);
      BYTE_OF[printable ? b : next++] = (short) b;
    }
  }

  private ByteAlphabet() {}

  /** Whether all of a text is written in these letters. */
  static boolean covers(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= LETTERS || BYTE_OF[c] == NO_BYTE) {
        return false;
      }
    }
    return true;
  }

  /** The bytes that a text stands for, or the text's own UTF-8 when it is not in these letters. */
  static byte[] decode(String text) {
    if (!covers(text)) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    byte[] bytes = new byte[text.length()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) BYTE_OF[text.charAt(i)];
    }
    return bytes;
  }
}
