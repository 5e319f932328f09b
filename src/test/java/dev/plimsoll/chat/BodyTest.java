package dev.plimsoll.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.plimsoll.testing.Documents;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which bytes are a request body. */
class BodyTest {
  private static ApiError bad(byte[] bytes) {
    return switch (Body.parse(bytes)) {
      case Parsed.Bad<Body>(var error) -> error;
      case Parsed.Good<Body> _ -> throw new AssertionError("was taken");
    };
  }

  private static ApiError badChat(String json) {
    return switch (ChatRequest.parse(json.getBytes(UTF_8))) {
      case Parsed.Bad<ChatRequest>(var error) -> error;
      case Parsed.Good<ChatRequest> _ -> throw new AssertionError("was taken");
    };
  }

  static Iterable<Map.Entry<String, String>> values() {
    return Documents.values().entrySet();
  }

  @ParameterizedTest
  @MethodSource("values")
  void whatIsJsonIsTakenAndKept(Map.Entry<String, String> value) {
    String json = "{\"k\":" + value.getValue() + "}";

    assertThat(Body.parse(json.getBytes(UTF_8))).isInstanceOf(Parsed.Good.class);
    String chat =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"x\":%s}],\"y\":%s}"
            .formatted(value.getValue(), value.getValue());
    boolean deep = value.getKey().endsWith("deep"); // two levels more than are allowed
    assertThat(ChatRequest.parse(chat.getBytes(UTF_8)))
        .isInstanceOf(deep ? Parsed.Bad.class : Parsed.Good.class);
  }

  static Iterable<Map.Entry<String, byte[]>> broken() {
    return Documents.broken().entrySet();
  }

  @ParameterizedTest
  @MethodSource("broken")
  void whatIsNoJsonIsRefused(Map.Entry<String, byte[]> body) {
    ApiError error = bad(body.getValue());

    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_JSON);
    assertThat(error.status()).isEqualTo(400);
    assertThat(error.message()).hasSizeLessThan(300);
    assertThat(ChatRequest.parse(body.getValue())).isInstanceOf(Parsed.Bad.class);
    assertThat(CompletionRequest.parse(body.getValue())).isInstanceOf(Parsed.Bad.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"model\":\"a\",\"model\":\"b\"}|model",
        "{\"stream\":true,\"model\":\"a\",\"stream\":false}|stream",
        "{\"mod\\u0065l\":\"a\",\"model\":\"b\"}|model",
        "{\"k-1\":1,\"k-1\":1}|body",
        "{\"messages\":[{\"role\":\"user\",\"role\":\"user\"}]}|messages[0].role",
        "{\"messages\":[{\"role\":\"user\"},{\"role\":\"user\",\"content\":\"\",\"content\":\"\"}]}"
            + "|messages[1].content",
        "{\"messages\":[{\"role\":\"user\",\"a b\":1,\"a b\":1}]}|messages[0]",
      })
  void nothingOfThatMayStandTwice(String json, String param) {
    ApiError error = badChat(json);

    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(error.param()).isEqualTo(param);
    assertThat(error.message()).contains("twice").doesNotContain("k-1", "a b");
  }

  @Test
  void secondOfManyNamesIsFound() {
    StringBuilder json = new StringBuilder("{");
    for (int i = 0; i < 1000; i++) {
      json.append("\"n").append(i).append("\":0,");
    }

    assertThat(bad((json + "\"n17\":0}").getBytes(UTF_8)).message()).contains("twice");
    assertThat(bad((json + "\"n999\":0}").getBytes(UTF_8)).message()).contains("twice");
    assertThat(Body.parse((json + "\"n1000\":0}").getBytes(UTF_8))).isInstanceOf(Parsed.Good.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"messages\":{}|messages",
        "\"messages\":\"s\"|messages",
        "\"messages\":null|messages",
        "\"messages\":[]|messages",
        "\"messages\":[null]|messages[0]",
        "\"messages\":[{\"role\":\"user\",\"content\":42}]|messages[0].content",
        "\"messages\":[{\"content\":\"a\"}]|messages[0].role",
        "\"messages\":[{\"role\":7}]|messages[0].role",
        "\"messages\":[{\"role\":\"user\"}],\"tools\":\"x\"|tools",
        "\"messages\":[{\"role\":\"user\"}],\"tools\":[1]|tools[0]",
        "\"messages\":[{\"role\":\"user\"}],\"stream\":\"yes\"|stream",
        "\"messages\":[{\"role\":\"user\"}],\"max_tokens\":1e999999|max_tokens",
      })
  void wrongTypeIsToldByItsPath(String members, String param) {
    assertThat(badChat("{\"model\":\"m\"," + members + "}").param()).isEqualTo(param);
  }

  @Test
  void namesThatShareAHashAreNoDanger() {
    StringBuilder json = new StringBuilder("{\"k\":1");
    for (int i = 0; i < 1 << 14; i++) {
      json.append(",\"");
      for (int bit = 0; bit < 14; bit++) {
        json.append((i >> bit & 1) == 0 ? "Aa" : "BB"); // the same hash in Java
      }
      json.append("\":0");
    }
    assertThatCode(() -> Body.parse((json + "}").getBytes(UTF_8))).doesNotThrowAnyException();
  }
}
