package dev.plimsoll.guard;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.util.Arrays;
import java.util.List;

/**
 * The server's parser, but for three things: a header line has the name that stands there, nothing
 * but spaces parts the words of a request line, and no line has a control character in it.
 *
 * <p>Vert.x 5.1.6 knows some names by most of their letters, and takes {@code Content-Xength} for
 * {@code Content-Length}. Whatever stands before this server knows better, and lets a body through
 * that is a request here. Netty 4.2.18 takes tabs, form feeds and single carriage returns between
 * the words, too, which RFC 9112 (section 3) calls ambiguous and lets a server refuse; and it drops
 * a single carriage return at the edge of a folded line, where another server may see the end of a
 * line.
 */
final class ExactParser extends VertxHttpRequestDecoder {
  /** The length of a version such as HTTP/1.1. */
  private static final int VERSION = 8;

  /** Whether the next bytes belong to a head. */
  private boolean inHead = true;

  /** Whether its request line was read. */
  private boolean started;

  /** Whether it was refused here: what follows is not looked at. */
  private boolean refused;

  ExactParser(Http1ServerConfig config) {
    super(config);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out)
      throws Exception {
    if (!refused && inHead && hasControl(bytes)) {
      refused = true;
      out.add(refusedRequest());
    }
    if (refused) {
      bytes.skipBytes(bytes.readableBytes());
      return;
    }
    int known = out.size();
    super.decode(context, bytes, out);
    for (Object part : out.subList(known, out.size())) {
      follow(part);
    }
  }

  private void follow(Object part) {
    if (part instanceof HttpRequest) {
      inHead = false;
    }
    if (part instanceof LastHttpContent) {
      inHead = true;
      started = false;
    }
  }

  private static HttpRequest refusedRequest() {
    HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
    request.setDecoderResult(
        DecoderResult.failure(new IllegalArgumentException("a control character in a line")));
    return request;
  }

  /**
   * Whether one stands in what is there of the head. A line is read once it is whole, so that each
   * look begins at the start of a line.
   */
  private boolean hasControl(ByteBuf bytes) {
    int end = bytes.writerIndex();
    int at = bytes.readerIndex();
    while (!started && at < end && isLineEnd(bytes.getByte(at))) {
      at++; // empty lines before a request line
    }
    while (at < end && !isLineEnd(bytes.getByte(at))) {
      int feed = bytes.indexOf(at, end, (byte) '\n');
      int lineEnd = feed < 0 ? end : feed;
      int control = bytes.forEachByte(at, lineEnd - at, ExactParser::belongs);
      boolean ends = control == lineEnd - 1 && bytes.getByte(control) == '\r';
      if (control >= 0 && !ends) {
        return true;
      }
      at = feed < 0 ? end : feed + 1;
    }
    return false;
  }

  /** Whether a byte may stand in a line: a tab, or no control character. */
  private static boolean belongs(byte b) {
    return b < 0 || (b >= ' ' && b != 0x7f) || b == '\t';
  }

  private static boolean isLineEnd(byte b) {
    return b == '\r' || b == '\n';
  }

  @Override
  protected String splitFirstWordInitialLine(byte[] bytes, int start, int length) {
    started = true;
    return super.splitFirstWordInitialLine(bytes, start, length);
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
    if (length != VERSION) { // HTTP/1.01 would be taken for HTTP/1.1
      throw new IllegalArgumentException("no version of HTTP: " + length + " characters");
    }
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
