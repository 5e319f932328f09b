package dev.plimsoll.guard;

import io.netty.util.AsciiString;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.util.Arrays;

/**
 * The server's parser, but for two things: a header line has the name that stands there, and
 * nothing but spaces parts the words of a request line.
 *
 * <p>Vert.x 5.1.6 knows some names by most of their letters, and takes {@code Content-Xength} for
 * {@code Content-Length}. Whatever stands before this server knows better, and lets a body through
 * that is a request here. Netty 4.2.18 takes tabs, form feeds and single carriage returns between
 * the words, too, which RFC 9112 (section 3) calls ambiguous and lets a server refuse.
 */
final class ExactParser extends VertxHttpRequestDecoder {
  ExactParser(Http1ServerConfig config) {
    super(config);
  }

  @Override
  protected AsciiString splitHeaderName(byte[] bytes, int start, int length) {
    AsciiString known = super.splitHeaderName(bytes, start, length);
    int from = known.arrayOffset();
    boolean exact =
        Arrays.equals(known.array(), from, from + known.length(), bytes, start, start + length);
    return exact ? known : new AsciiString(bytes, start, length, true);
  }

  @Override
  protected String splitSecondWordInitialLine(byte[] bytes, int start, int length) {
    spacesBefore(bytes, start);
    return super.splitSecondWordInitialLine(bytes, start, length);
  }

  @Override
  protected String splitThirdWordInitialLine(byte[] bytes, int start, int length) {
    spacesBefore(bytes, start);
    return super.splitThirdWordInitialLine(bytes, start, length);
  }

  /** The parser makes a refusal of what is thrown here. */
  private static void spacesBefore(byte[] bytes, int start) {
    for (int i = start - 1; i >= 0 && bytes[i] >= 0 && bytes[i] <= ' '; i--) {
      if (bytes[i] != ' ') {
        throw new IllegalArgumentException("Illegal character in request line: " + bytes[i]);
      }
    }
  }
}
