package dev.plimsoll.upstream;

import dev.plimsoll.stream.UpstreamFailure;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Takes an answer that is one document, for who waits for all of it.
 *
 * <p>For questions that may take as long as loading a model; small ones go by {@link SmallCalls}.
 */
final class WholeAnswer implements AnswerListener.Decoder {
  /** The largest vocabularies are told in some twenty megabytes. */
  private static final int MAX_BYTES = 64 * 1024 * 1024;

  private final Buffer body = Buffer.buffer();
  private final CompletableFuture<Result> result = new CompletableFuture<>();

  /** What came. */
  sealed interface Result {
    /** All of it. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Whole(byte[] bytes) implements Result {}

    /** Nothing that can be used. */
    record Failed(UpstreamFailure failure) implements Result {}
  }

  /** What a call needs to give this its answer. */
  AnswerListener listener() {
    return new AnswerListener(this, this::end);
  }

  /** Waits on a virtual thread until all is there. */
  Result await() throws InterruptedException {
    try {
      return result.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("an answer that ends without a value", e);
    }
  }

  private void end(@Nullable UpstreamFailure failure) {
    result.complete(
        failure == null ? new Result.Whole(body.getBytes()) : new Result.Failed(failure));
  }

  @Override
  public void contentType(String type) {
    // Whoever waits knows what it asked for.
  }

  @Override
  public boolean feed(byte[] bytes) {
    body.appendBytes(bytes);
    return body.length() <= MAX_BYTES;
  }

  @Override
  public void finish() {
    // The bytes are whole as they are.
  }
}
