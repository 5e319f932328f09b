package dev.plimsoll.testing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Ollama's own API: one JSON object a line for /api/chat and /api/generate. */
record NativeForm(String model, boolean generate) implements Form {
  private static final long NANOS_A_TOKEN = 13_000_000;

  @Override
  public String streamType() {
    return "application/x-ndjson";
  }

  @Override
  public String wholeType() {
    return "application/json; charset=utf-8";
  }

  @Override
  public List<Body> pieces(Answer answer) {
    List<Body> pieces = new ArrayList<>();
    answer.reasoning().forEach(piece -> pieces.add(line(open("", piece, List.of(), 0))));
    streamedText(answer).forEach(piece -> pieces.add(line(open(piece, "", List.of(), 0))));
    if (answer.doneLine() != Answer.DoneLine.CALLS) {
      for (int i = 0; i < answer.calls().size(); i++) {
        pieces.add(line(open("", "", List.of(answer.calls().get(i)), i)));
      }
    }
    return pieces;
  }

  private static List<String> streamedText(Answer answer) {
    List<String> text = answer.text();
    return lastTextInDoneLine(answer) ? text.subList(0, text.size() - 1) : text;
  }

  private static boolean lastTextInDoneLine(Answer answer) {
    return answer.doneLine() == Answer.DoneLine.LAST_TEXT && !answer.text().isEmpty();
  }

  @Override
  public List<Body> ending(Answer answer) {
    String text = lastTextInDoneLine(answer) ? answer.text().getLast() : "";
    List<ScriptedCall> calls =
        answer.doneLine() == Answer.DoneLine.CALLS ? answer.calls() : List.of();
    return List.of(Body.of(JsonText.go(close(say(text, "", calls, 0), answer)) + "\n"));
  }

  @Override
  public Body whole(Answer answer) {
    String text = String.join("", answer.text());
    String reasoning = String.join("", answer.reasoning());
    return Body.of(JsonText.go(close(say(text, reasoning, answer.calls(), 0), answer)));
  }

  /** The answer to a request without messages. */
  Body state(String doneReason) {
    return Body.of(
        JsonText.go(say("", "", List.of(), 0).put("done", true).put("done_reason", doneReason)));
  }

  @Override
  public Body failure(String text) {
    return event(error(500, text));
  }

  @Override
  public Body event(String json) {
    return Body.of(json + "\n");
  }

  @Override
  public String error(int code, String text) {
    return JsonText.go(JsonText.object().put("error", text));
  }

  private static Body line(ObjectNode node) {
    return Body.of(JsonText.go(node) + "\n");
  }

  private ObjectNode open(String text, String reasoning, List<ScriptedCall> calls, int firstIndex) {
    return say(text, reasoning, calls, firstIndex).put("done", false);
  }

  private ObjectNode say(String text, String reasoning, List<ScriptedCall> calls, int firstIndex) {
    ObjectNode node = JsonText.object().put("model", model).put("created_at", now());
    ObjectNode said = generate ? node : node.putObject("message").put("role", "assistant");
    said.put(generate ? "response" : "content", text);
    if (!reasoning.isEmpty()) {
      said.put("thinking", reasoning);
    }
    if (!calls.isEmpty()) {
      said.set("tool_calls", toolCalls(calls, firstIndex));
    }
    return node;
  }

  private static ArrayNode toolCalls(List<ScriptedCall> calls, int firstIndex) {
    ArrayNode array = JsonText.array();
    for (int i = 0; i < calls.size(); i++) {
      ScriptedCall call = calls.get(i);
      ObjectNode function = array.addObject().put("id", call.id()).putObject("function");
      function.put("index", firstIndex + i).put("name", call.name());
      function.putRawValue("arguments", new RawValue(call.arguments()));
    }
    return array;
  }

  private static ObjectNode close(ObjectNode node, Answer answer) {
    node.put("done", true).put("done_reason", answer.finish().text());
    long prompt = answer.promptTokens() * NANOS_A_TOKEN / 10;
    long completion = answer.completionTokens() * NANOS_A_TOKEN;
    node.put("total_duration", 1_283_286 + prompt + completion).put("load_duration", 1_283_286);
    // Go leaves zero counts out.
    if (answer.promptTokens() > 0) {
      node.put("prompt_eval_count", answer.promptTokens()).put("prompt_eval_duration", prompt);
    }
    if (answer.completionTokens() > 0) {
      node.put("eval_count", answer.completionTokens()).put("eval_duration", completion);
    }
    return node;
  }

  private static String now() {
    return Instant.now().toString();
  }
}
