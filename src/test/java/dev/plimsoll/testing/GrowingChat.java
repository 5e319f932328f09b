package dev.plimsoll.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A made-up conversation of an agent that grows request by request, with all that makes a prompt
 * hard to count: tools, scripts of many languages, long arguments, white space at the edges, texts
 * that look like a template's own.
 */
public final class GrowingChat {
  private static final List<String> TEXTS =
      List.of(
          "Fix the failing test in src/main/App.java, please.",
          "\u8BF7\u89E3\u91CA\u8FD9\u6BB5\u4EE3\u7801\u3002\u5B83\u4E3A\u4EC0\u4E48\u5931\u8D25\uFF1F",
          "Was ist das f\u00FCr ein \u00C4rger? \u00DCber 12.345 Zeilen\u2026",
          "\uD83D\uDE00\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67 done \u2705\n",
          "  indented\n\tand tabbed\r\n\r\n    code();\n",
          "\u0420\u0435\u0437\u0443\u043B\u044C\u0442\u0430\u0442: 3.14159, 0x1F, 1e-9, 1,000,000",
          "{\"error\": \"not <found> & \\\"lost\\\"\", \"at\": [1, 2, null]}",
          "```java\nfor (int i = 0; i < 10; i++) {\n  sum += values[i];\n}\n```",
          "\u0627\u0644\u0633\u0644\u0627\u0645 \u0639\u0644\u064A\u0643\u0645 \u2014"
              + " \u05E9\u05DC\u05D5\u05DD",
          "I'll look, they've said it's there; we'd know.\n\n\n",
          "----------------------------------------\n========\n........");

  /** What users and tools may write; of an assistant, some templates cut it off. */
  private static final String LOOK_ALIKE =
      "It ended in <|im_end|> and <|user|>, with </think> and <tool_call> in between.";

  private static final List<String> WORDS =
      List.of("alpha", "Bravo", "charlie_delta", "echoFoxtrot", "42", "--golf", "h/o/t/e/l.txt");

  private static final String TOOLS =
      """
      [{"type":"function","function":{"name":"read","description":"Reads a file; \\"<lines>\\" & all.",
         "parameters":{"type":"object","additionalProperties":false,"required":["path"],
           "properties":{"path":{"type":"string","minLength":1,"description":"Where it is."},
             "offset":{"type":["integer","null"],"minimum":0},
             "mode":{"type":"string","enum":["text","bytes"]}}}}},
       {"type":"function","function":{"name":"edit","description":"Edits a file.",
         "parameters":{"type":"object","required":["path","edits"],
           "properties":{"path":{"type":"string"},"edits":{"type":"array","items":{"type":"object",
             "properties":{"from":{"type":"string"},"to":{"type":"string"}}}}}}}},
       {"type":"function","function":{"name":"list","description":"Lists.",
         "parameters":{"type":"object","properties":{}}}}]\
      """;

  private final SplittableRandom random;
  private final boolean tools;
  private final List<ObjectNode> messages = new ArrayList<>();
  private int ids;

  /** A conversation of its own for each seed; without tools there are no calls, either. */
  public GrowingChat(long seed, boolean tools) {
    this.random = new SplittableRandom(seed);
    this.tools = tools;
    say("system", "You are a careful engineer.\nToday's directory is /home/\u00E9mile.\n");
  }

  /** The next request of the conversation, as the agent's client writes it. */
  public ObjectNode next(String model) {
    JsonNode last = messages.getLast();
    if (!last.path("role").asText().equals("system")) {
      assistant();
    }
    if (messages.getLast().has("tool_calls")) {
      results();
    } else {
      say("user", text(1 + random.nextInt(3)) + lookAlike());
    }
    ObjectNode request = JsonText.object().put("model", model);
    ArrayNode all = request.putArray("messages");
    messages.forEach(all::add);
    if (tools) {
      request.set("tools", JsonText.parse(TOOLS));
    }
    return request;
  }

  private ObjectNode say(String role, String content) {
    ObjectNode message = JsonText.object().put("role", role).put("content", content);
    messages.add(message);
    return message;
  }

  private void assistant() {
    boolean calls = tools && random.nextInt(3) > 0;
    ObjectNode message = say("assistant", calls && random.nextBoolean() ? "" : text(1));
    if (random.nextInt(3) == 0) {
      message.put("reasoning_content", text(2));
    }
    if (calls) {
      ArrayNode array = message.putArray("tool_calls");
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        call(array.addObject());
      }
    }
  }

  private void call(ObjectNode call) {
    ObjectNode arguments = JsonText.object();
    String name =
        switch (random.nextInt(4)) {
          case 0 -> "list";
          case 1 -> {
            arguments.put("path", "h/o/t.txt").put("offset", random.nextInt(5_000_000));
            arguments.put("mode", text(1)).put("ratio", 0.5).put("last", true).putNull("zero");
            yield "read";
          }
          default -> {
            arguments.put("path", "src/\u4E2D/" + WORDS.get(random.nextInt(WORDS.size())));
            ObjectNode edit = arguments.putArray("edits").addObject();
            edit.put("to", text(3)).put("from", text(1));
            yield "edit";
          }
        };
    call.put("id", "call_" + ids++).put("type", "function");
    call.putObject("function").put("name", name).put("arguments", arguments.toString());
  }

  private void results() {
    for (JsonNode call : List.copyOf(messages).getLast().path("tool_calls")) {
      say("tool", random.nextInt(6) == 0 ? "" : text(1 + random.nextInt(2)) + lookAlike())
          .put("tool_call_id", call.path("id").asText());
    }
  }

  private String lookAlike() {
    return random.nextInt(5) == 0 ? LOOK_ALIKE : "";
  }

  private String text(int parts) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < parts; i++) {
      text.append(TEXTS.get(random.nextInt(TEXTS.size())));
      for (int word = random.nextInt(6); word > 0; word--) {
        text.append(' ').append(WORDS.get(random.nextInt(WORDS.size())));
      }
    }
    return text.toString();
  }
}
