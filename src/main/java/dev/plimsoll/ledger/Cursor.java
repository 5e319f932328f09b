package dev.plimsoll.ledger;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;

/**
 * A place in a list, told by the row before it and not by a count, so that new rows do not move it.
 *
 * @param position the position of the last row already seen
 */
public record Cursor(long position) {
  private static final int BYTES = 1 + Long.BYTES;
  private static final byte VERSION = 1;

  /** The form in which clients carry it; they should not look into it. */
  public String text() {
    byte[] bytes = ByteBuffer.allocate(BYTES).put(VERSION).putLong(position).array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** The cursor with that text, or empty when no list ever gave it out. */
  public static Optional<Cursor> parse(String text) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (bytes.length != BYTES || bytes[0] != VERSION) {
      return Optional.empty();
    }
    long position = ByteBuffer.wrap(bytes).getLong(1);
    return position < 0 ? Optional.empty() : Optional.of(new Cursor(position));
  }
}
