package dev.plimsoll.sse;

import java.util.Arrays;

/**
 * Cuts a byte stream into lines, however the bytes are split on their way.
 *
 * <p>A line ends with LF, CR or CRLF (the SSE standard's three ends; NDJSON uses LF, and JSON text
 * never holds a raw CR). Lines within one piece are told as ranges of that piece; only a line that
 * spans pieces is copied. A line longer than the limit ends the stream: nothing of it or behind it
 * is told.
 */
public final class LineSplitter {
  private static final byte[] EMPTY = new byte[0];

  private final int maxLine;
  private byte[] held = EMPTY;
  private int heldLength;
  private boolean afterCarriageReturn;
  private boolean tooLong;

  /** Makes a splitter whose lines may hold up to {@code maxLine} bytes. */
  public LineSplitter(int maxLine) {
    this.maxLine = maxLine;
  }

  /** Takes lines; their bytes are valid only during the call. */
  @FunctionalInterface
  public interface LineSink {
    /** One line without its end. */
    void line(byte[] bytes, int start, int end);
  }

  /** Takes the next bytes. Returns false when a line is too long, and ever after. */
  public boolean feed(byte[] bytes, int start, int end, LineSink sink) {
    if (tooLong) {
      return false;
    }
    int from = start;
    for (int i = start; i < end; i++) {
      byte b = bytes[i];
      if (b != '\n' && b != '\r') {
        continue;
      }
      boolean secondOfPair = b == '\n' && i == from && afterCarriageReturn && heldLength == 0;
      afterCarriageReturn = b == '\r';
      if (!secondOfPair && !emit(bytes, from, i, sink)) {
        return false;
      }
      from = i + 1;
    }
    if (from < end) {
      afterCarriageReturn = false;
    }
    return hold(bytes, from, end);
  }

  /** Gives the last line when the stream ends without a line end. */
  public void finish(LineSink sink) {
    if (heldLength > 0) {
      emit(EMPTY, 0, 0, sink);
    }
  }

  private boolean giveUp() {
    tooLong = true;
    held = EMPTY;
    heldLength = 0;
    return false;
  }

  private boolean emit(byte[] bytes, int from, int to, LineSink sink) {
    if (heldLength == 0) {
      if (to - from > maxLine) {
        return giveUp();
      }
      sink.line(bytes, from, to);
      return true;
    }
    if (!hold(bytes, from, to)) {
      return false;
    }
    byte[] line = held;
    int length = heldLength;
    heldLength = 0;
    sink.line(line, 0, length);
    if (held.length > 64 * 1024) {
      held = EMPTY; // one long line must not pin its room for the rest of the stream
    }
    return true;
  }

  private boolean hold(byte[] bytes, int from, int to) {
    int count = to - from;
    if (count == 0) {
      return true;
    }
    if (count > maxLine - heldLength) {
      return giveUp();
    }
    if (heldLength + count > held.length) {
      held = Arrays.copyOf(held, Math.max(heldLength + count, held.length * 2));
    }
    System.arraycopy(bytes, from, held, heldLength, count);
    heldLength += count;
    return true;
  }
}
