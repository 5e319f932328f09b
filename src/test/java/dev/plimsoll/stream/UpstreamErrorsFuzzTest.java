package dev.plimsoll.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.plimsoll.testing.StrictJson;
import dev.plimsoll.testing.StrictJson.Kind;
import dev.plimsoll.testing.StrictJson.Value;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/** Whatever a server sends with an error, it becomes one message of bounded length, and soon. */
class UpstreamErrorsFuzzTest {
  private static final int MAX_MESSAGE = 2001;
  private static final List<Integer> OVERFLOW_STATUS = List.of(400, 413, 500);

  @FuzzTest
  void body(byte[] bytes) {
    String message = UpstreamErrors.message(bytes);
    assertThat(message).isNotEmpty().hasSizeLessThanOrEqualTo(MAX_MESSAGE);
    for (int status : List.of(400, 404, 413, 429, 500, 503)) {
      switch (UpstreamErrors.ofStatus(status, bytes, null)) {
        case UpstreamFailure.Status told -> {
          assertThat(told.status()).isEqualTo(status);
          assertThat(told.message()).isEqualTo(message);
        }
        case UpstreamFailure.ContextExceeded overflow -> {
          assertThat(OVERFLOW_STATUS).contains(status);
          assertCountable(overflow);
        }
        case UpstreamFailure other -> throw new AssertionError(other);
      }
    }
    switch (UpstreamErrors.ofFrame(new String(bytes, UTF_8))) {
      case UpstreamFailure.ErrorFrame(String told) ->
          assertThat(told).isNotEmpty().hasSizeLessThanOrEqualTo(MAX_MESSAGE);
      case UpstreamFailure.ContextExceeded overflow -> assertCountable(overflow);
      case UpstreamFailure other -> throw new AssertionError(other);
    }
    plainMessage(bytes).ifPresent(plain -> assertThat(message).isEqualTo(plain));
  }

  private static void assertCountable(UpstreamFailure.ContextExceeded overflow) {
    assertThat(overflow.message()).isNotEmpty().hasSizeLessThanOrEqualTo(MAX_MESSAGE);
    assertThat(LongStream.concat(stream(overflow.prompt()), stream(overflow.window())))
        .allMatch(tokens -> tokens >= 0);
  }

  private static LongStream stream(OptionalLong tokens) {
    return tokens.stream();
  }

  /** The words of an error whose form leaves no doubt. */
  private static Optional<String> plainMessage(byte[] bytes) {
    return StrictJson.readWithinLimits(bytes)
        .map(StrictJson::root)
        .filter(root -> root.kind() == Kind.OBJECT && root.members().size() == 1)
        .flatMap(root -> root.member("error"))
        .flatMap(UpstreamErrorsFuzzTest::words)
        .filter(words -> !words.isBlank() && !words.startsWith("{") && words.length() < 2000);
  }

  private static Optional<String> words(Value error) {
    Optional<Value> words =
        error.kind() == Kind.STRING ? Optional.of(error) : error.member("message");
    return words
        .filter(value -> value.kind() == Kind.STRING && error.members().size() <= 1)
        .map(Value::text);
  }
}
