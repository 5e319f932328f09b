package dev.plimsoll.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Writes UTF-8, and checks that bytes are it, as RFC 3629 has it. */
public final class Utf8 {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Set in every byte that is no ASCII. */
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  private Utf8() {}

  /**
   * Where the first sequence begins that is none: cut, overlong, a surrogate, or beyond U+10FFFF;
   * -1 when all are in order.
   */
  public static int firstFlaw(byte[] bytes) {
    int i = 0;
    while (i < bytes.length) {
      if (bytes[i] >= 0) {
        i = behindAscii(bytes, i);
      } else {
        int length = sequence(bytes, i);
        if (length == 0) {
          return i;
        }
        i += length;
      }
    }
    return -1;
  }

  /** Most of what agents send is ASCII, which goes eight bytes at a time. */
  private static int behindAscii(byte[] bytes, int from) {
    int i = from;
    while (i + Long.BYTES <= bytes.length && ((long) LONGS.get(bytes, i) & HIGH_BITS) == 0) {
      i += Long.BYTES;
    }
    while (i < bytes.length && bytes[i] >= 0) {
      i++;
    }
    return i;
  }

  /** The length of the sequence of several bytes at this place; 0 when it is none. */
  private static int sequence(byte[] bytes, int at) {
    int first = bytes[at] & 0xff;
    int second = at + 1 < bytes.length ? bytes[at + 1] & 0xff : 0;
    if (first < 0xc2 || first > 0xf4) {
      return 0;
    }
    if (first < 0xe0) {
      return isIn(second, 0x80, 0xbf) ? 2 : 0;
    }
    if (first < 0xf0) {
      boolean good = isIn(second, first == 0xe0 ? 0xa0 : 0x80, first == 0xed ? 0x9f : 0xbf);
      return good && continues(bytes, at + 2) ? 3 : 0;
    }
    boolean good = isIn(second, first == 0xf0 ? 0x90 : 0x80, first == 0xf4 ? 0x8f : 0xbf);
    return good && continues(bytes, at + 2) && continues(bytes, at + 3) ? 4 : 0;
  }

  private static boolean isIn(int value, int least, int most) {
    return value >= least && value <= most;
  }

  private static boolean continues(byte[] bytes, int at) {
    return at < bytes.length && (bytes[at] & 0xc0) == 0x80;
  }

  /**
   * Writes a character that is no surrogate; the array has room for its one to four bytes.
   *
   * @return the place behind it
   */
  public static int encode(int codePoint, byte[] to, int at) {
    int next = at;
    if (codePoint < 0x80) {
      to[next++] = (byte) codePoint;
      return next;
    }
    if (codePoint < 0x800) {
      to[next++] = (byte) (0xC0 | (codePoint >> 6));
    } else {
      if (codePoint < 0x10000) {
        to[next++] = (byte) (0xE0 | (codePoint >> 12));
      } else {
        to[next++] = (byte) (0xF0 | (codePoint >> 18));
        to[next++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
      }
      to[next++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
    }
    to[next++] = (byte) (0x80 | (codePoint & 0x3F));
    return next;
  }

  /** The same bytes without a byte order mark in front, which some editors write. */
  public static byte[] withoutMark(byte[] bytes) {
    boolean marked =
        bytes.length >= 3
            && (bytes[0] & 0xff) == 0xef
            && (bytes[1] & 0xff) == 0xbb
            && (bytes[2] & 0xff) == 0xbf;
    return marked ? Arrays.copyOfRange(bytes, 3, bytes.length) : bytes;
  }
}
