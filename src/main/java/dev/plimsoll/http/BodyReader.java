package dev.plimsoll.http;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.ErrorCode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request body whole, into an array exactly as long as it is; refuses one that is too large
 * as soon as that shows, and one that stalls or drips.
 */
final class BodyReader {
  /**
   * Slower than this over {@code listen.body-timeout} is no client but an attack or a dead link.
   */
  private static final long MIN_BYTES_PER_SECOND = 1024;

  private static final int FIRST_GUESS = 16 * 1024;

  private final Vertx vertx;
  private final long maxBody;
  private final Duration timeout;
  private final Consumer<byte[]> whole;
  private final Consumer<ApiError> refused;
  private byte[] bytes = new byte[0];
  private int length;
  private int lengthAtCheck;
  private long timer = -1;
  private boolean over;

  private BodyReader(
      Vertx vertx,
      long maxBody,
      Duration timeout,
      Consumer<byte[]> whole,
      Consumer<ApiError> refused) {
    this.vertx = vertx;
    this.maxBody = maxBody;
    this.timeout = timeout;
    this.whole = whole;
    this.refused = refused;
  }

  /**
   * Reads the body of {@code request}; exactly one of the two is called, unless the client leaves.
   */
  static void read(
      Vertx vertx,
      HttpServerRequest request,
      long maxBody,
      Duration timeout,
      Consumer<byte[]> whole,
      Consumer<ApiError> refused) {
    new BodyReader(vertx, maxBody, timeout, whole, refused).start(request);
  }

  private void start(HttpServerRequest request) {
    long announced = announced(request.getHeader("content-length"));
    if (announced > maxBody) {
      refuse(tooLarge());
      return;
    }
    bytes = new byte[(int) (announced < 0 ? FIRST_GUESS : announced)];
    request.exceptionHandler(_ -> brokenOff());
    request.handler(this::append);
    request.endHandler(_ -> end());
    arm();
  }

  private static long announced(@Nullable String header) {
    return header != null && header.matches("[0-9]{1,18}") ? Long.parseLong(header) : -1;
  }

  private void append(Buffer piece) {
    if (over) {
      return;
    }
    long needed = (long) length + piece.length();
    if (needed > maxBody) {
      refuse(tooLarge());
      return;
    }
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(maxBody, Math.max(needed, 2L * bytes.length)));
    }
    piece.getBytes(0, piece.length(), bytes, length);
    length += piece.length();
  }

  private void end() {
    if (over) {
      return;
    }
    close();
    whole.accept(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
  }

  private void brokenOff() {
    if (!over) {
      refuse(ApiError.of(ErrorCode.BAD_FRAMING, "The request body is not valid HTTP."));
    }
  }

  private void arm() {
    timer = vertx.setTimer(timeout.toMillis(), _ -> check());
  }

  private void check() {
    long least = Math.max(1, MIN_BYTES_PER_SECOND * timeout.toMillis() / 1000);
    if (length - lengthAtCheck < least) {
      refuse(
          ApiError.of(
                  ErrorCode.BAD_FRAMING,
                  "The request body stalled for longer than the limit allows.")
              .withStatus(408));
      return;
    }
    lengthAtCheck = length;
    arm();
  }

  private void refuse(ApiError error) {
    close();
    refused.accept(error);
  }

  private void close() {
    over = true;
    if (timer >= 0) {
      vertx.cancelTimer(timer);
      timer = -1;
    }
  }

  private ApiError tooLarge() {
    return ApiError.of(
        ErrorCode.BODY_TOO_LARGE,
        "The request body is larger than listen.max-body (" + maxBody + " bytes).");
  }
}
