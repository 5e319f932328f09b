package dev.plimsoll.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plimsoll.testing.Recording;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the error bodies of model servers say. */
class UpstreamErrorsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"error\":\"unexpected EOF\"}|unexpected EOF",
        "{\"error\":{\"message\":\"model is required\",\"type\":\"x\",\"param\":null}}|model is"
            + " required",
        "{\"error\":{\"code\":500,\"message\":\"bad \\u003ca\\u003e\"}}|bad <a>",
        "{\"error\":\"{\\\"error\\\":{\\\"code\\\":500,\\\"message\\\":\\\"inner\\\"}}\"}|inner",
        "{\"error\":\"{not json\"}|{not json",
        "{\"error\":{\"type\":\"x\"}}|an error without a message",
        "{\"error\":{\"message\":7}}|an error without a message",
        "{\"error\":\"\"}|an error without a message",
        "{\"object\":\"error\",\"message\":\"vllm\",\"code\":400}|vllm",
        "{\"detail\":\"Not Found\"}|Not Found",
        "{\"error\":null}|{\"error\":null}",
        "404 page not found|404 page not found",
        "<html><head><title>502 Bad Gateway</title></head><body>x</body></html>|502 Bad Gateway",
        "<html>no title</html>|<html>no title</html>",
        "<html><TITLE>  Bad  </title>|Bad",
        "<html><title> </title>|<html><title> </title>",
        "` `|no body",
        "[1]|[1]",
      })
  void messageIsFound(String body, String message) {
    assertThat(UpstreamErrors.message(body.getBytes(UTF_8))).isEqualTo(message);
  }

  /** A proxy's error page is a stranger's, too: nothing in it may take long to look for. */
  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void blankTitleWithoutEndIsNoTitle() {
    String page = "<html><title>" + " ".repeat(50_000) + "x";

    assertThat(UpstreamErrors.message(page.getBytes(UTF_8))).startsWith("<html><title> ");
  }

  @Test
  void emptyBodyHasNoMessage() {
    assertThat(UpstreamErrors.message(new byte[0])).isEqualTo("no body");
  }

  @Test
  void longTextIsClipped() {
    String message = UpstreamErrors.message(("x" + "😀".repeat(5_000)).getBytes(UTF_8));

    assertThat(message).hasSizeLessThan(2_010).endsWith("😀…");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "{\"error\":\"the input length exceeds the context length\"}|-|-",
        "{\"error\":\"{\\\"error\\\":{\\\"code\\\":400,\\\"message\\\":\\\"request (4901 tokens)"
            + " exceeds the available context size (512 tokens), try increasing"
            + " it\\\",\\\"type\\\":\\\"exceed_context_size_error\\\",\\\"n_prompt_tokens\\\":4901,\\\"n_ctx\\\":512}}\"}|4901|512",
        "{\"error\":{\"code\":400,\"message\":\"the request exceeds the available context size. try"
            + " increasing the context"
            + " size\",\"type\":\"exceed_context_size_error\",\"n_prompt_tokens\":11921,\"n_ctx\":1024}}|11921|1024",
        "{\"error\":{\"code\":400,\"message\":\"request (5367 tokens) exceeds the available context"
            + " size (1024 tokens), try increasing it\"}}|5367|1024",
        "{\"error\":{\"message\":\"too"
            + " much\",\"type\":\"invalid_request_error\",\"code\":\"context_length_exceeded\"}}|-|-",
        "{\"object\":\"error\",\"message\":\"This model's maximum context length is 4096 tokens."
            + " However, you requested 5000 tokens (4000 in the messages, 1000 in the"
            + " completion).\",\"code\":400}|5000|4096",
        "{\"error\":{\"message\":\"This model's maximum context length is 4096 tokens. However,"
            + " your request has 5000 input tokens.\"}}|-|4096",
        "{\"error\":{\"message\":\"You passed 5000 input tokens. However, the model's context"
            + " length is only 4096 tokens\"}}|-|4096",
        "{\"error\":\"Trying to keep the first 5000 tokens when context the overflows. However, the"
            + " model is loaded with context length of only 4096 tokens\"}|5000|4096",
        "{\"error\":\"The number of tokens to keep from the initial prompt is greater than the"
            + " context length (n_keep: 5000>= n_ctx: 4096)\"}|5000|4096",
        "This model's maximum context length is 12345678901234567890 tokens|-|-",
      })
  void overflowIsRecognised(
      String body,
      @org.jspecify.annotations.Nullable Long prompt,
      @org.jspecify.annotations.Nullable Long window) {
    UpstreamFailure failure = UpstreamErrors.ofStatus(400, body.getBytes(UTF_8), null);

    assertThat(failure)
        .isInstanceOfSatisfying(
            UpstreamFailure.ContextExceeded.class,
            overflow -> {
              assertThat(overflow.prompt()).isEqualTo(optional(prompt));
              assertThat(overflow.window()).isEqualTo(optional(window));
              assertThat(overflow.message()).doesNotStartWith("{");
            });
  }

  private static OptionalLong optional(@org.jspecify.annotations.Nullable Long value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  @Test
  void otherErrorsKeepTheirStatus() {
    Duration after = Duration.ofSeconds(3);

    UpstreamFailure busy =
        UpstreamErrors.ofStatus(503, "{\"error\":\"busy\"}".getBytes(UTF_8), after);

    assertThat(busy).isEqualTo(new UpstreamFailure.Status(503, "busy", after));
  }

  @Test
  void frameMayHoldAnotherError() {
    assertThat(UpstreamErrors.ofFrame("runner stopped"))
        .isEqualTo(new UpstreamFailure.ErrorFrame("runner stopped"));
    assertThat(UpstreamErrors.ofFrame("{\"error\":{\"message\":\"inner\"}}"))
        .isEqualTo(new UpstreamFailure.ErrorFrame("inner"));
  }

  @ParameterizedTest
  @CsvSource({
    "gen-a, chat-overflow-single-notruncate, true",
    "gen-a, chat-unknown-model, false",
    "gen-a, v1-tools-unsupported, false",
    "gen-a, chat-glm-broken-stream, false",
    "gen-a, event-kill-prefill-v1, false",
    "gen-a, not-found, false",
    "gen-b, chat-overflow-single-notruncate, true",
    "gen-b, chat-overflow-history-notruncate-stream, true",
    "gen-b, v1-glm-cut-stream, false",
    "gen-b, v1-empty-body, false",
    "gen-b, wrong-method, false",
    "llama-server, v1-overflow-single, true",
    "llama-server, v1-overflow-single-stream, true",
    "llama-server, v1-malformed, false",
    "llama-server, v1-bad-tool-arguments, false",
  })
  void recordedErrorsAreRead(String folder, String name, boolean overflow) {
    Optional<Recording> found = Recording.find(folder, name);
    assumeTrue(found.isPresent(), "no recordings here");
    Recording recording = found.orElseThrow();

    UpstreamFailure failure =
        UpstreamErrors.ofStatus(recording.status(), recording.body().bytes(), null);

    assertThat(failure instanceof UpstreamFailure.ContextExceeded).isEqualTo(overflow);
    if (failure instanceof UpstreamFailure.Status status) {
      assertThat(status.status()).isEqualTo(recording.status());
      assertThat(status.message()).isNotBlank().doesNotStartWith("{");
    }
  }
}
