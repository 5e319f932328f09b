package dev.plimsoll.upstream;

import dev.plimsoll.stream.UpstreamErrors;
import dev.plimsoll.stream.UpstreamFailure;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Feeds the body of a good answer to a decoder, and turns an error answer into its failure. */
final class AnswerListener implements HttpCall.Listener {
  /** Error bodies are short; more of one is not read. */
  private static final int MAX_ERROR_BODY = 64 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(AnswerListener.class);
  private static final String TROUBLE = "a line of it is too long, or has made the proxy fail";

  private final Decoder decoder;
  private final Consumer<@Nullable UpstreamFailure> end;
  private final Buffer errorBody = Buffer.buffer();
  private int status;
  private @Nullable Duration retryAfter;
  private boolean unreadable;

  /** Makes events out of bytes. */
  interface Decoder {
    /** Learns what the body is. */
    void contentType(String type);

    /** Takes the next bytes; false when they cannot be an answer. */
    boolean feed(byte[] bytes);

    /** Gives what stands open at the end. */
    void finish();
  }

  AnswerListener(Decoder decoder, Consumer<@Nullable UpstreamFailure> end) {
    this.decoder = decoder;
    this.end = end;
  }

  @Override
  public void head(HttpClientResponse response) {
    begin(response.statusCode(), response.headers());
  }

  void begin(int code, MultiMap headers) {
    status = code;
    String type = headers.get("content-type");
    decoder.contentType(type == null ? "" : type);
    retryAfter = seconds(headers.get("retry-after"));
  }

  @Override
  public void bytes(Buffer bytes) {
    if (status != 200) {
      if (errorBody.length() < MAX_ERROR_BODY) {
        errorBody.appendBuffer(bytes);
      }
    } else if (!unreadable) {
      decode(bytes.getBytes());
    }
  }

  @Override
  public void end(@Nullable UpstreamFailure failure) {
    if (status != 0 && status != 200) {
      end.accept(UpstreamErrors.ofStatus(status, errorBody.getBytes(), retryAfter));
    } else if (unreadable) {
      end.accept(new UpstreamFailure.Unreadable(TROUBLE));
    } else {
      end.accept(failure == null ? finish() : failure);
    }
  }

  /** An exception here is a bug, but one that must not leave a turn waiting for its outcome. */
  private void decode(byte[] bytes) {
    try {
      unreadable = !decoder.feed(bytes);
    } catch (RuntimeException e) {
      LOG.error("a bug in reading an answer", e);
      unreadable = true;
    }
  }

  private @Nullable UpstreamFailure finish() {
    try {
      decoder.finish();
      return null;
    } catch (RuntimeException e) {
      LOG.error("a bug in reading an answer", e);
      return new UpstreamFailure.Unreadable(TROUBLE);
    }
  }

  private static @Nullable Duration seconds(@Nullable String header) {
    return header == null || !header.matches("[0-9]{1,6}")
        ? null
        : Duration.ofSeconds(Long.parseLong(header));
  }
}
