package dev.plimsoll.guard;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.ErrorCode;
import dev.plimsoll.metrics.RejectReason;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one request body whole, into an array exactly as long as it is; refuses one that is too
 * large as soon as that shows, one for which there is no memory, and one that stalls or drips.
 */
final class BodyReader {
  /**
   * Slower than this over {@code listen.body-timeout} is no client but an attack or a dead link.
   */
  private static final long MIN_BYTES_PER_SECOND = 1024;

  /** An announced length is only a promise: memory is taken as bytes come. */
  private static final int FIRST_GUESS = 64 * 1024;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final Peer peer;
  private final BodyBudget budget;
  private final Rules.Limits limits;
  private final long most;
  private final Consumer<byte[]> whole;
  private final Consumer<Refusal> refused;
  private long announced;
  private byte[] bytes = new byte[0];
  private int length;
  private int lengthAtCheck;
  private long timer = -1;
  private boolean over;

  /** A reader for one request; exactly one of the two is called, unless the client leaves. */
  BodyReader(
      Vertx vertx,
      Peer peer,
      BodyBudget budget,
      Rules.Limits limits,
      Consumer<byte[]> whole,
      Consumer<Refusal> refused) {
    this.vertx = vertx;
    this.peer = peer;
    this.budget = budget;
    this.limits = limits;
    this.most = Math.min(limits.maxBody(), budget.size(limits.buffered()));
    this.whole = whole;
    this.refused = refused;
  }

  void start(HttpServerRequest request) {
    announced = announced(request.getHeader("content-length"));
    if (announced > most) {
      refuse(tooLarge());
      return;
    }
    if (!grow(announced < 0 ? FIRST_GUESS : Math.min(announced, FIRST_GUESS))) {
      return;
    }
    request.exceptionHandler(this::brokenOff);
    request.handler(this::append);
    request.endHandler(_ -> end());
    arm();
  }

  /** The parser lets nothing but digits through, and no number that is too long for a long. */
  private static long announced(@Nullable String header) {
    return header == null ? -1 : Long.parseLong(header);
  }

  private void append(Buffer piece) {
    if (over) {
      return;
    }
    long needed = (long) length + piece.length();
    if (needed > most) {
      refuse(tooLarge());
      return;
    }
    if (needed > bytes.length && !grow(Math.max(needed, 2L * bytes.length))) {
      return;
    }
    piece.getBytes(0, piece.length(), bytes, length);
    length += piece.length();
  }

  /** Makes room; false when the body was refused instead. */
  private boolean grow(long wanted) {
    int size = (int) Math.min(announced < 0 ? most : announced, wanted);
    int more = size - bytes.length;
    if (!budget.take(more, limits.buffered())) {
      refuse(noMemory());
      return false;
    }
    peer.hold(more);
    bytes = Arrays.copyOf(bytes, size);
    return true;
  }

  private void end() {
    if (over) {
      return;
    }
    close();
    whole.accept(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
  }

  private void brokenOff(Throwable cause) {
    if (over) {
      return;
    }
    if (cause instanceof HttpClosedException || cause instanceof IOException) {
      close(); // the client has left, in order or with a reset
    } else {
      refuse(
          Refusal.framing(
              RejectReason.BAD_FRAMING, 400, "The request body is not valid HTTP: its chunks."));
    }
  }

  private void arm() {
    timer = vertx.setTimer(limits.body().toMillis(), _ -> check());
  }

  private void check() {
    long least = Math.max(1, MIN_BYTES_PER_SECOND * limits.body().toMillis() / 1000);
    if (length - lengthAtCheck < least) {
      refuse(
          Refusal.framing(
              RejectReason.TIMEOUT,
              408,
              "The request body stalled, or came too slowly, for longer than listen.body-timeout"
                  + " allows."));
      return;
    }
    lengthAtCheck = length;
    arm();
  }

  private void refuse(Refusal refusal) {
    close();
    bytes = new byte[0];
    refused.accept(refusal);
  }

  private void close() {
    over = true;
    if (timer >= 0) {
      vertx.cancelTimer(timer);
      timer = -1;
    }
  }

  private Refusal tooLarge() {
    String key = most < limits.maxBody() ? "listen.max-buffered" : "listen.max-body";
    return Refusal.of(
        RejectReason.TOO_LARGE,
        ErrorCode.BODY_TOO_LARGE,
        "The request body is larger than " + key + " allows (" + most + " bytes).");
  }

  private static Refusal noMemory() {
    return new Refusal(
        RejectReason.QUEUE,
        ApiError.of(
                ErrorCode.UPSTREAM_OVERLOADED,
                "The proxy has too many large requests in hand (listen.max-buffered). Ask again"
                    + " later.")
            .withRetryAfter(RETRY_AFTER));
  }
}
