package dev.plimsoll.upstream;

import dev.plimsoll.stream.UpstreamErrors;
import dev.plimsoll.stream.UpstreamFailure;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Feeds the body of a good answer to a decoder, and turns an error answer into its failure. */
final class AnswerListener implements HttpCall.Listener {
  /** Error bodies are short; more of one is not read. */
  private static final int MAX_ERROR_BODY = 64 * 1024;

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
    status = response.statusCode();
    String type = response.getHeader("content-type");
    decoder.contentType(type == null ? "" : type);
    retryAfter = seconds(response.getHeader("retry-after"));
  }

  @Override
  public void bytes(Buffer bytes) {
    if (status != 200) {
      if (errorBody.length() < MAX_ERROR_BODY) {
        errorBody.appendBuffer(bytes);
      }
    } else if (!unreadable) {
      unreadable = !decoder.feed(bytes.getBytes());
    }
  }

  @Override
  public void end(@Nullable UpstreamFailure failure) {
    if (status != 0 && status != 200) {
      end.accept(UpstreamErrors.ofStatus(status, errorBody.getBytes(), retryAfter));
    } else if (unreadable) {
      end.accept(new UpstreamFailure.Unreadable("a line of it is longer than any answer's"));
    } else {
      if (failure == null) {
        decoder.finish();
      }
      end.accept(failure);
    }
  }

  private static @Nullable Duration seconds(@Nullable String header) {
    return header == null || !header.matches("[0-9]{1,6}")
        ? null
        : Duration.ofSeconds(Long.parseLong(header));
  }
}
