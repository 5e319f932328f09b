package dev.plimsoll.guard;

import io.netty.util.AsciiString;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.util.Arrays;

/**
 * The server's parser, but for one thing: a header line has the name that stands there.
 *
 * <p>Vert.x 5.1.6 knows some names by most of their letters, and takes {@code Content-Xength} for
 * {@code Content-Length}. Whatever stands before this server knows better, and lets a body through
 * that is a request here.
 */
final class ExactNames extends VertxHttpRequestDecoder {
  ExactNames(Http1ServerConfig config) {
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
}
