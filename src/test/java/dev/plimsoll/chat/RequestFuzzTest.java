package dev.plimsoll.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.plimsoll.json.JsonKind;
import dev.plimsoll.json.Span;
import dev.plimsoll.testing.StrictJson;
import dev.plimsoll.testing.StrictJson.Value;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Any bytes are either the request that a second parser finds in them, or an error that names what
 * is wrong.
 */
class RequestFuzzTest {
  /** The path of a field, as in {@code messages[2].content}, or a key that may be shown. */
  private static final String PATH = "[\\w.\\[\\]-]{1,64}";

  @FuzzTest
  void chat(byte[] bytes) {
    byte[] untouched = bytes.clone();
    Parsed<ChatRequest> parsed = ChatRequest.parse(bytes);
    assertThat(bytes).isEqualTo(untouched);
    Value root = assertVerdict(bytes, parsed, RequestShape::isChat);
    if (parsed instanceof Parsed.Good<ChatRequest>(ChatRequest request) && root != null) {
      assertHead(request, root);
      assertThat(request.tools()).isEqualTo(filled(root.all("tools")));
      assertThat(request.maxTokens()).isEqualTo(smallestCap(root));
      List<Value> messages = root.member("messages").orElseThrow().elements();
      assertThat(request.messages()).hasSize(messages.size());
      for (int i = 0; i < messages.size(); i++) {
        assertSame(request.messages().get(i), messages.get(i));
      }
    }
  }

  @FuzzTest
  void completion(byte[] bytes) {
    byte[] untouched = bytes.clone();
    Parsed<CompletionRequest> parsed = CompletionRequest.parse(bytes);
    assertThat(bytes).isEqualTo(untouched);
    Value root = assertVerdict(bytes, parsed, RequestShape::isCompletion);
    if (parsed instanceof Parsed.Good<CompletionRequest>(CompletionRequest request)
        && root != null) {
      assertHead(request, root);
      Value prompt = root.member("prompt").orElseThrow();
      Value only = prompt.elements().isEmpty() ? prompt : prompt.elements().getFirst();
      assertThat(request.prompt().text()).isEqualTo(only.text());
      assertThat(request.maxTokens())
          .isEqualTo(
              root.member("max_tokens").map(RequestShape::whole).orElse(OptionalLong.empty()));
    }
  }

  /** The second parser's document where the request is good, else null. */
  private static @Nullable Value assertVerdict(
      byte[] bytes, Parsed<?> parsed, Predicate<StrictJson> isRequest) {
    Optional<StrictJson> json = StrictJson.readWithinLimits(bytes);
    return switch (parsed) {
      case Parsed.Good<?> _ -> {
        assertThat(json.filter(isRequest)).isPresent();
        yield json.orElseThrow().root();
      }
      case Parsed.Bad<?>(ApiError error) -> {
        assertThat(json.filter(isRequest)).as(error.message()).isEmpty();
        assertError(error, json);
        yield null;
      }
    };
  }

  private static void assertError(ApiError error, Optional<StrictJson> json) {
    Errors.assertFitToSend(error);
    if (error.code() == ErrorCode.INVALID_JSON) {
      assertThat(json.filter(RequestShape::isObject)).as(error.message()).isEmpty();
    } else {
      assertThat(error.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
      assertThat(error.param()).matches(PATH + "|…");
    }
  }

  private static void assertHead(ModelRequest request, Value root) {
    assertThat(request.model()).isEqualTo(root.member("model").orElseThrow().text());
    assertThat(request.stream()).isEqualTo(isTrue(root.member("stream")));
    assertThat(request.includeUsage())
        .isEqualTo(
            isTrue(root.member("stream_options").flatMap(found -> found.member("include_usage"))));
  }

  private static boolean isTrue(Optional<Value> flag) {
    return flag.filter(value -> value.kind() == StrictJson.Kind.BOOLEAN)
        .filter(value -> value.text().equals("true"))
        .isPresent();
  }

  private static OptionalLong smallestCap(Value root) {
    return root.members().stream()
        .filter(member -> List.of("max_tokens", "max_completion_tokens").contains(member.name()))
        .map(member -> RequestShape.whole(member.value()))
        .flatMapToLong(OptionalLong::stream)
        .min();
  }

  private static void assertSame(Message message, Value value) {
    assertThat(message.span()).isEqualTo(span(value));
    assertThat(message.role())
        .isEqualTo(Role.of(value.member("role").orElseThrow().text()).orElseThrow());
    Value content = value.member("content").orElse(null);
    JsonKind kind = content == null ? JsonKind.NULL : JsonKind.valueOf(content.kind().name());
    assertThat(message.contentKind()).isEqualTo(kind);
    assertThat(message.content())
        .isEqualTo(content == null || kind == JsonKind.NULL ? null : span(content));
    assertThat(message.toolCalls()).isEqualTo(filled(value.all("tool_calls")));
    assertThat(message.toolCallId()).isEqualTo(text(value.all("tool_call_id")));
    assertThat(message.reasoning()).isEqualTo(reasoning(value));
  }

  /** Of two names for one thing, the last that says something. */
  private static @Nullable Span reasoning(Value message) {
    return message.members().reversed().stream()
        .filter(member -> List.of("reasoning_content", "reasoning").contains(member.name()))
        .filter(member -> member.value().kind() == StrictJson.Kind.STRING)
        .map(member -> span(member.value()))
        .findFirst()
        .orElse(null);
  }

  private static @Nullable Span filled(List<Value> values) {
    return values.isEmpty() || values.getLast().elements().isEmpty()
        ? null
        : span(values.getLast());
  }

  private static @Nullable Span text(List<Value> values) {
    return values.isEmpty() || values.getLast().kind() != StrictJson.Kind.STRING
        ? null
        : span(values.getLast());
  }

  private static Span span(Value value) {
    return new Span(value.start(), value.end());
  }
}
