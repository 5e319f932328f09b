package dev.plimsoll.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** llama-server's /v1: the role first, calls in pieces, errors as events, counts with timings. */
final class LlamaServerForm implements Form {
  /** Length of an argument piece; a model's token is about that long. */
  private static final int ARGUMENT_PIECE = 6;

  private final Wish wish;
  private final SseLines lines;
  private final boolean completion;
  private final String id = "chatcmpl-" + "%032x".formatted(System.nanoTime());
  private final long created = Instant.now().getEpochSecond();

  LlamaServerForm(Wish wish, SseLines lines) {
    this.wish = wish;
    this.lines = lines;
    this.completion = wish.route() == Route.V1_COMPLETIONS;
  }

  @Override
  public String streamType() {
    return "text/event-stream";
  }

  @Override
  public String wholeType() {
    return "application/json; charset=utf-8";
  }

  @Override
  public List<Body> pieces(Answer answer) {
    List<String> events = new ArrayList<>();
    answer.reasoning().forEach(text -> events.add(chunk(content("reasoning_content", text), null)));
    answer.text().forEach(text -> events.add(chunk(content("content", text), null)));
    if (!completion) {
      for (int i = 0; i < answer.calls().size(); i++) {
        addCall(events, answer.calls().get(i), i);
      }
      // The role is written together with the first token.
      if (!events.isEmpty()) {
        events.set(0, role() + events.getFirst());
      }
    }
    return events.stream().map(Body::of).toList();
  }

  private void addCall(List<String> events, ScriptedCall call, int index) {
    ObjectNode opening = JsonText.object().put("index", index).put("id", call.id());
    opening
        .put("type", "function")
        .putObject("function")
        .put("name", call.name())
        .put("arguments", "");
    events.add(chunk(toolCall(opening), null));
    String rest = call.arguments();
    while (!rest.isEmpty()) {
      int end =
          rest.offsetByCodePoints(
              0, Math.min(ARGUMENT_PIECE, rest.codePointCount(0, rest.length())));
      ObjectNode more = JsonText.object().put("index", index);
      more.putObject("function").put("arguments", rest.substring(0, end));
      events.add(chunk(toolCall(more), null));
      rest = rest.substring(end);
    }
  }

  private static ObjectNode content(String name, String text) {
    return JsonText.object().put(name, text);
  }

  private static ObjectNode toolCall(ObjectNode call) {
    ObjectNode delta = JsonText.object();
    delta.set("tool_calls", JsonText.array(call));
    return delta;
  }

  private String role() {
    return chunk(JsonText.object().put("role", "assistant").putNull("content"), null);
  }

  @Override
  public List<Body> ending(Answer answer) {
    boolean roleMissing = !completion && answer.silent();
    // The timings are in the last chunk, whichever that is.
    String end = (roleMissing ? role() : "") + end(answer, !wish.usage());
    if (wish.usage()) {
      ObjectNode counts = JsonText.object();
      counts.set("choices", JsonText.array());
      tail(counts, ".chunk");
      counts.set("usage", usage(answer));
      counts.set("timings", timings(answer));
      end += lines.event(JsonText.plain(counts));
    }
    return List.of(Body.of(end), Body.of(lines.done()));
  }

  @Override
  public Body whole(Answer answer) {
    ObjectNode choice = JsonText.object();
    if (completion) {
      choice.put("text", String.join("", answer.text())).put("index", 0);
      choice.put("finish_reason", finish(answer));
    } else {
      choice.put("finish_reason", finish(answer)).put("index", 0).set("message", message(answer));
    }
    ObjectNode node = JsonText.object();
    node.set("choices", JsonText.array(choice));
    tail(node, "");
    node.set("usage", usage(answer));
    node.put("id", id).set("timings", timings(answer));
    return Body.of(JsonText.plain(node));
  }

  private static ObjectNode message(Answer answer) {
    ObjectNode message = JsonText.object().put("role", "assistant");
    message.put("content", String.join("", answer.text()));
    if (!answer.reasoning().isEmpty()) {
      message.put("reasoning_content", String.join("", answer.reasoning()));
    }
    if (!answer.calls().isEmpty()) {
      var calls = message.putArray("tool_calls");
      for (ScriptedCall call : answer.calls()) {
        ObjectNode node = calls.addObject().put("type", "function");
        node.putObject("function").put("name", call.name()).put("arguments", call.arguments());
        node.put("id", call.id());
      }
    }
    return message;
  }

  @Override
  public Body failure(String text) {
    return event(error(500, text));
  }

  @Override
  public Body event(String json) {
    return Body.of(lines.event(json));
  }

  @Override
  public String error(int code, String text) {
    ObjectNode node = JsonText.object();
    node.putObject("error").put("code", code).put("message", text).put("type", "server_error");
    return JsonText.plain(node);
  }

  private String end(Answer answer, boolean withTimings) {
    ObjectNode node = chunkNode(JsonText.object(), finish(answer));
    if (withTimings) {
      node.set("timings", timings(answer));
    }
    return lines.event(JsonText.plain(node));
  }

  private String chunk(ObjectNode delta, @Nullable String finish) {
    return lines.event(JsonText.plain(chunkNode(delta, finish)));
  }

  private ObjectNode chunkNode(ObjectNode delta, @Nullable String finish) {
    ObjectNode choice = JsonText.object();
    if (completion) {
      choice.put("text", delta.path("content").asText()).put("index", 0);
      choice.put("finish_reason", finish);
    } else {
      choice.put("finish_reason", finish).put("index", 0).set("delta", delta);
    }
    ObjectNode node = JsonText.object();
    node.set("choices", JsonText.array(choice));
    return tail(node, ".chunk");
  }

  private ObjectNode tail(ObjectNode node, String chunk) {
    node.put("created", created);
    if (!chunk.isEmpty()) {
      node.put("id", id);
    }
    return node.put("model", wish.model())
        .put("system_fingerprint", "b0-unknown")
        .put("object", completion ? "text_completion" : "chat.completion" + chunk);
  }

  private static String finish(Answer answer) {
    boolean called = !answer.calls().isEmpty() && answer.finish() == Answer.Finish.STOP;
    return called ? "tool_calls" : answer.finish().text();
  }

  private static ObjectNode usage(Answer answer) {
    ObjectNode usage =
        JsonText.object()
            .put("completion_tokens", answer.completionTokens())
            .put("prompt_tokens", answer.promptTokens())
            .put("total_tokens", answer.promptTokens() + answer.completionTokens());
    usage.putObject("prompt_tokens_details").put("cached_tokens", 0);
    return usage;
  }

  private static ObjectNode timings(Answer answer) {
    ObjectNode timings = JsonText.object().put("cache_n", 0);
    speed(timings, "prompt", answer.promptTokens(), 10.5);
    speed(timings, "predicted", answer.completionTokens(), 35.25);
    return timings;
  }

  private static void speed(ObjectNode timings, String what, int tokens, double msEach) {
    timings
        .put(what + "_n", tokens)
        .put(what + "_ms", tokens * msEach)
        .put(what + "_per_token_ms", msEach)
        .put(what + "_per_second", 1000 / msEach);
  }
}
