package dev.plimsoll.testing;

/**
 * How the bytes of an answer are cut on their way to the socket.
 *
 * <p>Two writes may still arrive as one read: TCP promises no boundaries. A test that needs them
 * apart adds {@link Pacing}.
 *
 * @param chunkBytes most body bytes in one HTTP chunk, 0: one chunk a piece
 * @param flush when the collected bytes are handed to the socket
 * @param writeBytes most bytes of one socket write, chunk heads included, 0: no limit
 * @param lineEnd what ends a line of server-sent events
 */
public record Framing(int chunkBytes, Flush flush, int writeBytes, LineEnd lineEnd) {
  public static final Framing NATURAL = new Framing(0, Flush.EACH_PIECE, 0, LineEnd.LF);

  /** When collected bytes go to the socket. */
  public enum Flush {
    EACH_CHUNK,
    EACH_PIECE,
    /** Everything in one write, or as much as there is before a wait. */
    AT_END
  }

  /** What ends a line of server-sent events. */
  public enum LineEnd {
    LF("\n"),
    CRLF("\r\n"),
    CR("\r");

    private final String text;

    LineEnd(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  public Framing {
    if (chunkBytes < 0 || writeBytes < 0) {
      throw new IllegalArgumentException("sizes must not be negative");
    }
  }

  /** Every n body bytes are an HTTP chunk and a socket write of their own. */
  public static Framing splitEvery(int bytes) {
    return new Framing(bytes, Flush.EACH_CHUNK, 0, LineEnd.LF);
  }

  public static Framing oneWrite() {
    return NATURAL.flush(Flush.AT_END);
  }

  public Framing flush(Flush value) {
    return new Framing(chunkBytes, value, writeBytes, lineEnd);
  }

  /** Cuts the wire itself every n bytes, through chunk heads too. */
  public Framing tornEvery(int bytes) {
    return new Framing(chunkBytes, flush, bytes, lineEnd);
  }

  public Framing lineEnd(LineEnd value) {
    return new Framing(chunkBytes, flush, writeBytes, value);
  }
}
