package dev.plimsoll.guard;

import dev.plimsoll.metrics.RejectReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Watches a connection below HTTP, where a request that is not complete can be seen: its head must
 * be whole in time, and after a refusal nothing more is even parsed.
 *
 * <p>Stands before the parser; a second part behind the parser tells where heads end, and turns a
 * version that is not spoken here into a request that the parser refuses.
 */
final class Wire extends ChannelInboundHandlerAdapter {
  /** A refused client that goes on sending is cut off after so much. */
  private static final long MAX_DROPPED = 1024 * 1024;

  private static final long NO_TIMER = -1;

  private final Vertx vertx;
  private final Port port;
  private final Peer peer;
  private final Supplier<Duration> headerTimeout;
  private boolean headIsNext = true;
  private boolean headBegun;
  private long timer = NO_TIMER;
  private long dropped;

  Wire(Vertx vertx, Port port, Peer peer, Supplier<Duration> headerTimeout) {
    this.vertx = vertx;
    this.port = port;
    this.peer = peer;
    this.headerTimeout = headerTimeout;
  }

  /** Takes its two places around the parser, and puts an exact one there. */
  void join(ChannelPipeline pipeline) {
    var parser = new ExactParser(Entrance.options().getHttp1Config());
    pipeline.replace("httpDecoder", "httpDecoder", parser);
    pipeline.addBefore("httpDecoder", "wire", this);
    pipeline.addAfter("httpDecoder", "heads", new Heads());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (peer.refused()) {
      drop(context, message);
      return;
    }
    headBegun |= headIsNext;
    super.channelRead(context, message); // the parser runs in here
    if (headBegun && timer == NO_TIMER && !peer.refused()) {
      arm(context);
    }
  }

  private void drop(ChannelHandlerContext context, Object message) {
    dropped += message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
    ReferenceCountUtil.release(message);
    if (dropped > MAX_DROPPED) {
      var _ = context.close();
    }
  }

  private void arm(ChannelHandlerContext context) {
    timer = vertx.setTimer(headerTimeout.get().toMillis(), _ -> late(context));
  }

  private void disarm() {
    if (timer != NO_TIMER) {
      vertx.cancelTimer(timer);
      timer = NO_TIMER;
    }
  }

  private void late(ChannelHandlerContext context) {
    timer = NO_TIMER;
    if (peer.busy()) {
      arm(context); // it waits for an answer, and no other one may be written into that
      return;
    }
    peer.refuse();
    port.rejected().accept(RejectReason.TIMEOUT);
    var _ =
        context
            .writeAndFlush(Unpooled.wrappedBuffer(tooSlow(port.requestIds().get())))
            .addListener(_ -> peer.leave());
  }

  private static byte[] tooSlow(String id) {
    Refusal refusal =
        Refusal.framing(
            RejectReason.TIMEOUT,
            408,
            "The header lines took longer than listen.header-timeout allows. (" + id + ")");
    String json = new String(refusal.error().toJson(), StandardCharsets.UTF_8);
    return ("HTTP/1.1 408 Request Timeout\r\ncontent-type: application/json\r\nx-request-id: "
            + id
            + "\r\nconnection: close\r\ncontent-length: "
            + json.length()
            + "\r\n\r\n"
            + json)
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    disarm();
    super.channelInactive(context);
  }

  /** A version of HTTP that is not spoken here. */
  static final class UnknownVersion extends Exception {
    private static final long serialVersionUID = 1L;

    UnknownVersion() {
      super("HTTP version", null, false, false);
    }
  }

  /** The part behind the parser. */
  private final class Heads extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
      if (message instanceof HttpRequest request) {
        headIsNext = false;
        headBegun = false;
        disarm();
        checkVersion(request);
      }
      if (message instanceof LastHttpContent) {
        // Should a piece of the next head have come with it, its time begins with the piece after.
        headIsNext = true;
        headBegun = false;
      }
      super.channelRead(context, message);
    }

    private void checkVersion(HttpRequest request) {
      HttpVersion version = request.protocolVersion();
      if (request.decoderResult().isSuccess()
          && !version.equals(HttpVersion.HTTP_1_1)
          && !version.equals(HttpVersion.HTTP_1_0)) {
        request.setProtocolVersion(HttpVersion.HTTP_1_1); // that of the answer
        request.setDecoderResult(DecoderResult.failure(new UnknownVersion()));
      }
    }
  }
}
