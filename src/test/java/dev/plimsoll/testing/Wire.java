package dev.plimsoll.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.LongConsumer;

/**
 * Writes one response to a socket: frames the body and cuts it as told.
 *
 * <p>Bytes are collected until the framing or the player says flush. Body bytes are reported when
 * the socket has taken the write that held them, so that a test sees back pressure.
 */
final class Wire {
  /** Large bodies go in slices, so that the count of taken bytes moves while a write blocks. */
  private static final int SLICE = 16 * 1024;

  /** Even "everything in one write" ends here: an endless answer must not fill the memory. */
  private static final int MOST = 8 * 1024 * 1024;

  private final OutputStream socket;
  private final Framing framing;
  private final LongConsumer taken;
  private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
  private long collectedBody;

  Wire(OutputStream socket, Framing framing, LongConsumer taken) {
    this.socket = socket;
    this.framing = framing;
    this.taken = taken;
  }

  void raw(String text) {
    collected.writeBytes(text.getBytes(ISO_8859_1));
  }

  void body(Body body, boolean chunked) throws IOException {
    int step = framing.chunkBytes() > 0 ? framing.chunkBytes() : SLICE;
    for (int from = 0; from < body.length(); from += step) {
      if (from > 0 && collected.size() >= limit()) {
        flush();
      }
      int to = Math.min(body.length(), from + step);
      if (chunked) {
        raw(Integer.toHexString(to - from) + "\r\n");
      }
      collected.write(body.shared(), from, to - from);
      if (chunked) {
        raw("\r\n");
      }
      collectedBody += to - from;
    }
  }

  /** How much may be collected before it must leave. */
  private int limit() {
    return switch (framing.flush()) {
      case EACH_CHUNK -> 1;
      case EACH_PIECE -> SLICE;
      case AT_END -> MOST;
    };
  }

  /** A piece is whole: it leaves unless everything is to leave at once. */
  void pieceEnd() throws IOException {
    if (framing.flush() != Framing.Flush.AT_END || collected.size() >= MOST) {
      flush();
    }
  }

  void flush() throws IOException {
    byte[] bytes = collected.toByteArray();
    collected.reset();
    int step = framing.writeBytes() > 0 ? framing.writeBytes() : Math.max(1, bytes.length);
    for (int from = 0; from < bytes.length; from += step) {
      socket.write(bytes, from, Math.min(step, bytes.length - from));
    }
    taken.accept(collectedBody);
    collectedBody = 0;
  }
}
