package dev.plimsoll.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.stream.UpstreamFailure;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An answer always comes to an end that its turn is told. */
class AnswerListenerTest {
  private final List<Optional<UpstreamFailure>> ends = new ArrayList<>();

  private AnswerListener listener(AnswerListener.Decoder decoder) {
    AnswerListener listener =
        new AnswerListener(
            decoder, (@Nullable UpstreamFailure failure) -> ends.add(Optional.ofNullable(failure)));
    listener.begin(200, MultiMap.caseInsensitiveMultiMap());
    return listener;
  }

  /** A decoder that throws where it is told to. */
  private record Buggy(boolean inFeed, boolean inFinish) implements AnswerListener.Decoder {
    @Override
    public void contentType(String type) {
      // All answers are alike to it.
    }

    @Override
    public boolean feed(byte[] bytes) {
      if (inFeed) {
        throw new IllegalStateException("feed");
      }
      return true;
    }

    @Override
    public void finish() {
      if (inFinish) {
        throw new IllegalStateException("finish");
      }
    }
  }

  @Test
  void goodAnswerEndsWithoutFailure() {
    AnswerListener listener = listener(new Buggy(false, false));
    listener.bytes(Buffer.buffer("x"));

    listener.end(null);

    assertThat(ends).containsExactly(Optional.empty());
  }

  @Test
  void exceptionWhileReadingBecomesTheAnswersFailure() {
    for (Buggy decoder : List.of(new Buggy(true, false), new Buggy(false, true))) {
      ends.clear();
      AnswerListener listener = listener(decoder);
      listener.bytes(Buffer.buffer("x"));
      listener.bytes(Buffer.buffer("y"));

      listener.end(null);

      assertThat(ends)
          .singleElement()
          .satisfies(end -> assertThat(end).containsInstanceOf(UpstreamFailure.Unreadable.class));
    }
  }
}
