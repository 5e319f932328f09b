package dev.plimsoll.sse;

import java.util.Arrays;

/**
 * Reads server-sent events out of lines: gives the data of each event, ignores comments and names.
 *
 * <p>Follows the event stream format of the WHATWG HTML standard (section 9.2.6): data lines of one
 * event are joined with LF, one space after the colon is dropped, a leading byte order mark is
 * skipped. Two differences, on purpose: an event that the end of the stream leaves without its
 * blank line is still given, because servers forget it and nothing is lost by reading it; an event
 * with empty data is not, because it says nothing.
 *
 * <p>An event larger than the limit ends the stream: the sink is told so, and nothing behind it is
 * given.
 */
public final class SseReader implements LineSplitter.LineSink {
  /** The limit where none is given; as much as the largest line that agents read. */
  public static final int DEFAULT_MAX_EVENT = 32 * 1024 * 1024;

  private static final byte[] DATA = {'d', 'a', 't', 'a'};
  private static final byte[] EMPTY = new byte[0];

  private final DataSink sink;
  private final int maxEvent;
  private byte[] joined = EMPTY;
  private int joinedLength = -1;
  private boolean tooLong;
  private boolean first = true;

  /** Takes the data of events; the bytes are valid only during the call. */
  @FunctionalInterface
  public interface DataSink {
    /** The data of one event. */
    void data(byte[] bytes, int start, int end);

    /** An event is larger than the limit; nothing more comes. */
    default void tooLong() {}
  }

  /** Makes a reader that gives its events to {@code sink}. */
  public SseReader(DataSink sink) {
    this(sink, DEFAULT_MAX_EVENT);
  }

  /** Makes a reader of events whose joined data may hold up to {@code maxEvent} bytes. */
  public SseReader(DataSink sink, int maxEvent) {
    this.sink = sink;
    this.maxEvent = maxEvent;
  }

  @Override
  public void line(byte[] bytes, int start, int end) {
    if (tooLong) {
      return;
    }
    int from = first ? afterByteOrderMark(bytes, start, end) : start;
    first = false;
    if (from == end) {
      dispatch();
      return;
    }
    if (isData(bytes, from, end)) {
      int value = from + DATA.length;
      if (value < end) {
        value++; // the colon
        if (value < end && bytes[value] == ' ') {
          value++;
        }
      }
      append(bytes, value, end);
    }
  }

  /** Gives the event that stands open when the stream ends. */
  public void finish() {
    dispatch();
  }

  private static boolean isData(byte[] bytes, int from, int end) {
    int after = from + DATA.length;
    return after <= end
        && Arrays.equals(bytes, from, after, DATA, 0, DATA.length)
        && (after == end || bytes[after] == ':');
  }

  private static int afterByteOrderMark(byte[] bytes, int start, int end) {
    boolean mark =
        end - start >= 3
            && bytes[start] == (byte) 0xEF
            && bytes[start + 1] == (byte) 0xBB
            && bytes[start + 2] == (byte) 0xBF;
    return mark ? start + 3 : start;
  }

  private void append(byte[] bytes, int from, int to) {
    int at = joinedLength < 0 ? 0 : joinedLength + 1;
    if (to - from > maxEvent - at) {
      tooLong = true;
      joined = EMPTY;
      joinedLength = -1;
      sink.tooLong();
      return;
    }
    int needed = at + (to - from);
    if (needed > joined.length) {
      joined = Arrays.copyOf(joined, Math.max(needed, joined.length * 2));
    }
    if (at > 0) {
      joined[at - 1] = '\n';
    }
    System.arraycopy(bytes, from, joined, at, to - from);
    joinedLength = needed;
  }

  private void dispatch() {
    int length = joinedLength;
    joinedLength = -1;
    if (length > 0) {
      sink.data(joined, 0, length);
    }
    if (joined.length > 64 * 1024) {
      joined = EMPTY; // one large event must not pin its room for the rest of the stream
    }
  }
}
