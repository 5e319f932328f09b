package dev.plimsoll.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.json.JsonKind;
import dev.plimsoll.json.Span;
import dev.plimsoll.testing.Chance;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read out of a request, and what is said about a wrong one. */
class ChatRequestTest {
  private static final String SYSTEM = "{\"role\":\"system\",\"content\":\"é漢😀\"}";
  private static final String USER =
      "{ \"content\" : [ {\"type\":\"text\",\"text\":\"a\\u00e9\"} ] , \"role\" : \"user\" }";
  private static final String ASSISTANT =
      "{\"role\":\"assistant\",\"content\":null,\"reasoning_content\":\"hm\",\"tool_calls\":"
          + "[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}";
  private static final String TOOL =
      "{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"done\",\"extra\":{\"a\":[1]}}";
  private static final String DEVELOPER = "{\"role\":\"developer\",\"content\":\"\"}";

  private static final String WHOLE =
      "{\"temperature\": 0.70, \"messages\" : ["
          + String.join(" ,\n", SYSTEM, USER, ASSISTANT, TOOL, DEVELOPER)
          + "],\"tools\":[ {\"type\":\"function\"} ],\"model\":\"glm-4.7:q4\",\"stream\":true,"
          + "\"stream_options\":{\"x\":1,\"include_usage\":true},\"max_tokens\":100,"
          + "\"max_completion_tokens\":50,\"n\":1,\"seed\":12345678901234567890 }";

  @Test
  void wholeRequestIsRead() {
    ChatRequest request = good(WHOLE);

    assertThat(request.model()).isEqualTo("glm-4.7:q4");
    assertThat(request.stream()).isTrue();
    assertThat(request.includeUsage()).isTrue();
    assertThat(request.maxTokens()).hasValue(50);
    assertThat(request.hasTools()).isTrue();
    assertThat(text(request, request.tools())).isEqualTo("[ {\"type\":\"function\"} ]");
    assertThat(request.messages())
        .extracting(Message::role)
        .containsExactly(Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.TOOL, Role.DEVELOPER);
  }

  @Test
  void messagesAreTheClientsBytes() {
    ChatRequest request = good(WHOLE);

    assertThat(request.messages().stream().map(m -> text(request, m.span())).toList())
        .containsExactly(SYSTEM, USER, ASSISTANT, TOOL, DEVELOPER);
  }

  @Test
  void partsOfMessagesAreTheClientsBytes() {
    ChatRequest request = good(WHOLE);
    Message user = request.messages().get(1);
    Message assistant = request.messages().get(2);
    Message tool = request.messages().get(3);

    assertThat(text(request, user.content()))
        .isEqualTo("[ {\"type\":\"text\",\"text\":\"a\\u00e9\"} ]");
    assertThat(user.contentKind()).isEqualTo(JsonKind.ARRAY);
    assertThat(assistant.content()).isNull();
    assertThat(assistant.contentKind()).isEqualTo(JsonKind.NULL);
    assertThat(text(request, assistant.reasoning())).isEqualTo("\"hm\"");
    assertThat(text(request, assistant.toolCalls())).startsWith("[{\"id\"").endsWith("}}]");
    assertThat(text(request, tool.toolCallId())).isEqualTo("\"c1\"");
    assertThat(request.string(requireNonNull(tool.content())).text()).isEqualTo("done");
    assertThat(tool.toolCalls()).isNull();
    assertThat(request.messages().get(0).reasoning()).isNull();
  }

  @Test
  void unknownFieldsAndTheirBytesAreKept() {
    Body body = good(WHOLE).body();

    assertThat(body.members())
        .extracting(Member::name)
        .containsExactly(
            "temperature",
            "messages",
            "tools",
            "model",
            "stream",
            "stream_options",
            "max_tokens",
            "max_completion_tokens",
            "n",
            "seed");
    Member temperature = body.members().get(0);
    assertThat(text(good(WHOLE), temperature.span())).isEqualTo("\"temperature\": 0.70");
    assertThat(text(good(WHOLE), temperature.value())).isEqualTo("0.70");
    assertThat(temperature.kind()).isEqualTo(JsonKind.NUMBER);
    assertThat(text(good(WHOLE), body.member("seed").orElseThrow().value()))
        .isEqualTo("12345678901234567890");
  }

  @Test
  void leastRequestHasDefaults() {
    ChatRequest request = with("");

    assertThat(request.stream()).isFalse();
    assertThat(request.includeUsage()).isFalse();
    assertThat(request.maxTokens()).isEmpty();
    assertThat(request.tools()).isNull();
    assertThat(request.hasTools()).isFalse();
  }

  @Test
  void nullStandsForAbsent() {
    ChatRequest request =
        with(
            "\"stream\":null,\"stream_options\":null,\"max_tokens\":null,\"n\":null,\"tools\":null,"
                + "\"max_completion_tokens\":null,\"response_format\":null");

    assertThat(request.stream()).isFalse();
    assertThat(request.maxTokens()).isEmpty();
    assertThat(request.hasTools()).isFalse();
  }

  @Test
  void emptyListsOfToolsAndCallsAreNone() {
    assertThat(with("\"tools\":[ ]").hasTools()).isFalse();
    String message = "{\"role\":\"assistant\",\"content\":\"a\",\"tool_calls\":[ \n ]}";

    ChatRequest request = good("{\"model\":\"m\",\"messages\":[" + message + "]}");

    assertThat(request.messages().get(0).toolCalls()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"max_tokens\":7|7",
        "\"max_completion_tokens\":7|7",
        "\"max_tokens\":7,\"max_completion_tokens\":9|7",
        "\"max_completion_tokens\":7,\"max_tokens\":9|7",
        "\"max_tokens\":null,\"max_completion_tokens\":9|9",
        "\"max_tokens\":1e3|1000",
        "\"max_tokens\":9223372036854775807|9223372036854775807",
      })
  void smallerCapCounts(String members, long cap) {
    assertThat(with(members).maxTokens()).hasValue(cap);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"stream\":\"yes\"|stream",
        "\"stream\":1|stream",
        "\"stream_options\":[]|stream_options",
        "\"stream_options\":{\"include_usage\":1}|stream_options.include_usage",
        "\"tools\":\"x\"|tools",
        "\"tools\":{}|tools",
        "\"tools\":[{},1]|tools[1]",
        "\"max_tokens\":0|max_tokens",
        "\"max_tokens\":-1|max_tokens",
        "\"max_tokens\":0.5|max_tokens",
        "\"max_tokens\":\"x\"|max_tokens",
        "\"max_tokens\":1e400|max_tokens",
        "\"max_tokens\":9223372036854775808|max_tokens",
        "\"max_completion_tokens\":[]|max_completion_tokens",
        "\"n\":2|n",
        "\"n\":1e400|n",
        "\"n\":\"2\"|n",
        "\"model\":\"m2\"|model",
        "\"seed\":1,\"seed\":1|seed",
        "\"s\\u0065ed\":1,\"seed\":1|seed",
        "\"messages\":[]|messages",
      })
  void wrongFieldIsNamed(String members, String param) {
    assertThat(error(json(members)).param()).isEqualTo(param);
    assertThat(error(json(members)).code()).isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(error(json(members)).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|messages",
        "\"hi\"|messages",
        "null|messages",
        "[]|messages",
        "[1]|messages[0]",
        "[null]|messages[0]",
        "[{}]|messages[0].role",
        "[{\"content\":\"a\"}]|messages[0].role",
        "[{\"role\":1}]|messages[0].role",
        "[{\"role\":null}]|messages[0].role",
        "[{\"role\":\"robot\"}]|messages[0].role",
        "[{\"role\":\"User\"}]|messages[0].role",
        "[{\"role\":\"user\",\"role\":\"user\"}]|messages[0].role",
        "[{\"role\":\"user\",\"content\":42}]|messages[0].content",
        "[{\"role\":\"user\",\"content\":{}}]|messages[0].content",
        "[{\"role\":\"user\",\"content\":true}]|messages[0].content",
        "[{\"role\":\"user\",\"content\":[{},\"a\"]}]|messages[0].content[1]",
        "[{\"role\":\"user\"},{\"role\":\"tool\",\"tool_call_id\":7}]|messages[1].tool_call_id",
        "[{\"role\":\"assistant\",\"tool_calls\":{}}]|messages[0].tool_calls",
        "[{\"role\":\"assistant\",\"tool_calls\":[1]}]|messages[0].tool_calls[0]",
        "[{\"role\":\"assistant\",\"reasoning_content\":1}]|messages[0].reasoning_content",
        "[{\"role\":\"assistant\",\"reasoning\":[]}]|messages[0].reasoning",
      })
  void wrongMessageIsNamedByItsPath(String messages, String param) {
    String json = "{\"model\":\"m\",\"messages\":" + messages + "}";

    assertThat(error(json).param()).isEqualTo(param);
    assertThat(error(json).message()).doesNotContain("robot");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|model",
        "{\"messages\":[{\"role\":\"user\"}]}|model",
        "{\"model\":\"\",\"messages\":[{\"role\":\"user\"}]}|model",
        "{\"model\":null}|model",
        "{\"model\":7}|model",
        "{\"model\":\"m\"}|messages",
      })
  void missingFieldIsNamed(String json, String param) {
    assertThat(error(json).param()).isEqualTo(param);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "\"s\"",
        "7",
        "{",
        "{\"model\":\"m\"",
        "{\"model\":\"m\"}}",
        "{} x",
        "{'model':1}",
        "nonsense"
      })
  void whatIsNoObjectIsNoValidJson(String json) {
    ApiError error = error(json);

    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_JSON);
    assertThat(error.status()).isEqualTo(400);
    assertThat(error.param()).isNull();
    assertThat(error.message()).doesNotContain("nonsense");
  }

  @Test
  void manyKeysAreReadInOnePass() {
    // With a comparison of every pair this takes minutes.
    StringBuilder members = new StringBuilder();
    for (int i = 0; i < 200_000; i++) {
      members.append(i == 0 ? "" : ",").append("\"k").append(i).append("\":0");
    }

    assertThat(with(members.toString()).body().members()).hasSize(200_002);
  }

  @Test
  void bodyOfAnyShapeIsIndexed() {
    Body body = body("{\"model\":\"m\\u00e9\",\"keep\":true,\"off\":false,\"n\":1}");

    assertThat(body.string("model").orElseThrow().text()).isEqualTo("mé");
    assertThat(body.string("keep")).isEmpty();
    assertThat(body.string("absent")).isEmpty();
    assertThat(body.isTrue("keep")).isTrue();
    assertThat(body.isTrue("off")).isFalse();
    assertThat(body.isTrue("model")).isFalse();
    assertThat(body.isTrue("absent")).isFalse();
    assertThat(body.member("absent")).isEmpty();
  }

  private static Body body(String json) {
    return switch (Body.parse(json.getBytes(UTF_8))) {
      case Parsed.Good<Body>(Body body) -> body;
      case Parsed.Bad<Body>(ApiError error) -> throw new AssertionError(error.message());
    };
  }

  @Test
  void damagedRequestIsRequestOrErrorAndNothingElse() {
    byte[] sound = WHOLE.getBytes(UTF_8);
    Chance.cases(
        1,
        10_000,
        random -> {
          byte[] bytes = sound.clone();
          for (int i = random.nextInt(4); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = bytes[random.nextInt(bytes.length)];
          }
          int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length;

          Parsed<ChatRequest> parsed = ChatRequest.parse(Arrays.copyOf(bytes, length));

          switch (parsed) {
            case Parsed.Good<ChatRequest>(ChatRequest request) ->
                request.messages().forEach(m -> assertThat(text(request, m.span())).endsWith("}"));
            case Parsed.Bad<ChatRequest>(ApiError error) ->
                assertThat(error.status()).isEqualTo(400);
          }
        });
  }

  private static String json(String members) {
    String more = members.isEmpty() ? "" : "," + members;
    return "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]" + more + "}";
  }

  private static ChatRequest with(String members) {
    return good(json(members));
  }

  private static ChatRequest good(String json) {
    return switch (ChatRequest.parse(json.getBytes(UTF_8))) {
      case Parsed.Good<ChatRequest>(ChatRequest request) -> request;
      case Parsed.Bad<ChatRequest>(ApiError error) -> throw new AssertionError(error.message());
    };
  }

  private static ApiError error(String json) {
    return switch (ChatRequest.parse(json.getBytes(UTF_8))) {
      case Parsed.Good<ChatRequest>(ChatRequest request) ->
          throw new AssertionError("read as " + List.of(request.model()));
      case Parsed.Bad<ChatRequest>(ApiError error) -> error;
    };
  }

  private static String text(ChatRequest request, @Nullable Span found) {
    Span span = requireNonNull(found);
    return new String(request.bytes(), span.start(), span.length(), UTF_8);
  }
}
