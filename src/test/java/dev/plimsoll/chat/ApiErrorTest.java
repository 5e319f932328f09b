package dev.plimsoll.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.json.JsonOut;
import dev.plimsoll.testing.Body;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Errors as clients see them, before and within a stream. */
class ApiErrorTest {
  @Test
  void bodyHasTheFourFields() {
    ApiError error = ApiError.invalid("messages[2].content", "wrong \"é\"\n");

    String json = new String(error.toJson(), UTF_8);

    assertThat(json)
        .isEqualTo(
            "{\"error\":{\"message\":\"wrong \\\"é\\\"\\n\",\"type\":\"invalid_request_error\","
                + "\"param\":\"messages[2].content\",\"code\":\"invalid_request\"}}");
  }

  @Test
  void absentParamIsNull() {
    JsonNode json = json(ApiError.of(ErrorCode.UPSTREAM_TIMEOUT, "slow").toJson());

    assertThat(json.at("/error/param").isNull()).isTrue();
    assertThat(json.at("/error/type").textValue()).isEqualTo("server_error");
    assertThat(json.at("/error/code").textValue()).isEqualTo("upstream_timeout");
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void everyCodeHasItsStatusAndType(ErrorCode code) {
    ApiError error = ApiError.of(code, "m");

    assertThat(error.status()).isEqualTo(code.status()).isBetween(400, 599);
    assertThat(code.label()).matches("[a-z_]+");
    boolean callersFault = code.type() != ErrorCode.Type.SERVER;
    assertThat(callersFault).isEqualTo(error.deterministic());
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void terminalEventHasNoDigits(ErrorCode code) {
    ApiError error = ApiError.of(code, "45056 tokens, 50000 asked, status 502 (id r7)");
    ApiError placed = new ApiError(code.status(), code, error.message(), "messages[12]", null);

    assertThat(terminal(error)).doesNotContainPattern("[0-9]").contains("# tokens, # asked");
    assertThat(terminal(placed)).doesNotContainPattern("[0-9]").contains("messages[#]");
  }

  @Test
  void terminalEventOfTransientErrorAsksForRetry() {
    JsonNode error = json(terminal(ApiError.of(ErrorCode.UPSTREAM_TIMEOUT, "x")).getBytes(UTF_8));

    assertThat(error.at("/error/type").textValue()).isEqualTo("server_error");
    assertThat(error.at("/error/code").textValue()).isEqualTo("server_error");
  }

  @Test
  void terminalEventOfLastingErrorDoesNot() {
    ApiError overflow = ApiError.of(ErrorCode.CONTEXT_LENGTH_EXCEEDED, "too long");

    JsonNode error = json(terminal(overflow).getBytes(UTF_8));

    assertThat(error.at("/error/type").textValue()).isEqualTo("invalid_request_error");
    assertThat(error.at("/error/code").textValue()).isEqualTo("context_length_exceeded");
  }

  @Test
  void variantsChangeOneThing() {
    ApiError error = ApiError.of(ErrorCode.UPSTREAM_ERROR, "a");

    assertThat(error.withStatus(422).status()).isEqualTo(422);
    assertThat(error.withStatus(422).deterministic()).isTrue();
    assertThat(error.withStatus(429).deterministic()).isFalse();
    assertThat(error.withStatus(408).deterministic()).isFalse();
    assertThat(error.withSuffix("b").message()).isEqualTo("ab");
    assertThat(error.withRetryAfter(Duration.ofSeconds(2)).retryAfter())
        .isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void reasonsAndRolesHaveTheirNames() {
    assertThat(FinishReason.of("max_tokens")).isEqualTo(FinishReason.LENGTH);
    assertThat(FinishReason.of("function_call")).isEqualTo(FinishReason.TOOL_CALLS);
    assertThat(FinishReason.of("eos")).isEqualTo(FinishReason.STOP);
    for (FinishReason reason : FinishReason.values()) {
      assertThat(FinishReason.of(reason.label())).isEqualTo(reason);
    }
    for (Role role : Role.values()) {
      assertThat(Role.of(role.label())).contains(role);
    }
    assertThat(Role.of("SYSTEM")).isEmpty();
  }

  private static String terminal(ApiError error) {
    JsonOut out = new JsonOut(16);
    error.writeTerminal(out);
    String text = new String(out.toBytes(), UTF_8);
    assertThat(text).doesNotContain("\n");
    return text;
  }

  private static JsonNode json(byte[] bytes) {
    return Body.of(bytes).json();
  }
}
