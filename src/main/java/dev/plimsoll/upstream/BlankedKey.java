package dev.plimsoll.upstream;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Blanks the configured key in a body that comes back: some servers quote it in their errors, and
 * it is not the client's. As many asterisks take its place, so that the body keeps its length.
 */
final class BlankedKey {
  private final byte[] key;

  /** The end of what has come, if the key may begin in it. */
  private byte[] held = new byte[0];

  BlankedKey(Optional<String> key) {
    this.key = key.orElse("").getBytes(StandardCharsets.US_ASCII);
  }

  /** Takes the next bytes; gives those that are sure. */
  Buffer pass(Buffer piece) {
    if (key.length == 0) {
      return piece;
    }
    byte[] bytes = Buffer.buffer(held).appendBuffer(piece).getBytes();
    int from = 0;
    for (int at = find(bytes, from); at >= 0; at = find(bytes, from)) {
      from = at + key.length;
      Arrays.fill(bytes, at, from, (byte) '*');
    }
    int sure = bytes.length;
    for (int length = Math.min(key.length - 1, bytes.length - from); length > 0; length--) {
      if (begins(bytes, bytes.length - length, length)) {
        sure = bytes.length - length;
        break;
      }
    }
    held = Arrays.copyOfRange(bytes, sure, bytes.length);
    return Buffer.buffer(Arrays.copyOf(bytes, sure));
  }

  /** What was held back, once nothing more comes. */
  Buffer rest() {
    Buffer rest = Buffer.buffer(held);
    held = new byte[0];
    return rest;
  }

  private int find(byte[] bytes, int from) {
    for (int at = from; at + key.length <= bytes.length; at++) {
      if (begins(bytes, at, key.length)) {
        return at;
      }
    }
    return -1;
  }

  private boolean begins(byte[] bytes, int at, int length) {
    return Arrays.equals(bytes, at, at + length, key, 0, length);
  }
}
