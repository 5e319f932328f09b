package dev.plimsoll.recover;

import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.Message;
import dev.plimsoll.chat.Role;
import dev.plimsoll.chat.ToolCall;
import dev.plimsoll.json.JsonCursor;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonMembers;
import dev.plimsoll.json.JsonString;
import dev.plimsoll.json.Span;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds a conversation that goes round: the same answer and the same that followed it, again and
 * again at its end. It looks at the conversation alone and remembers nothing.
 */
public final class LoopGuard {
  private final ChatRequest request;
  private final byte[] bytes;

  private LoopGuard(ChatRequest request) {
    this.request = request;
    this.bytes = request.bytes();
  }

  /**
   * What the conversation repeats at its end.
   *
   * @param times how often, 0 when there is no answer in it yet
   * @param calls the calls that are made each time
   */
  public record Round(int times, List<ToolCall> calls) {
    /** Copies the list. */
    public Round {
      calls = List.copyOf(calls);
    }
  }

  /** An answer and what followed it, without ids. */
  private record Step(String said, List<ToolCall> calls, String followed) {}

  /** What a conversation repeats at its end; it is looked at no more than {@code most} times. */
  public static Round in(ChatRequest request, int most) {
    try {
      return new LoopGuard(request).round(most);
    } catch (JsonFault e) {
      throw new IllegalStateException("a body that was parsed before", e);
    }
  }

  private Round round(int most) throws JsonFault {
    List<Message> messages = request.messages();
    Step newest = null;
    int times = 0;
    int end = messages.size();
    while (times < most) {
      int answer = end - 1;
      while (answer >= 0 && messages.get(answer).role() != Role.ASSISTANT) {
        answer--;
      }
      if (answer < 0) {
        break;
      }
      Step step = step(messages.subList(answer, end));
      if (newest != null && !step.equals(newest)) {
        break;
      }
      newest = newest == null ? step : newest;
      times++;
      end = answer;
    }
    return new Round(times, newest == null ? List.of() : newest.calls());
  }

  private Step step(List<Message> messages) throws JsonFault {
    Message answer = messages.getFirst();
    StringBuilder followed = new StringBuilder();
    for (Message message : messages.subList(1, messages.size())) {
      followed.append(message.role()).append(content(message)).append('\n');
    }
    Span calls = answer.toolCalls();
    return new Step(content(answer), calls == null ? List.of() : calls(calls), followed.toString());
  }

  private String content(Message message) {
    Span content = message.content();
    return content == null
        ? ""
        : new String(bytes, content.start(), content.length(), StandardCharsets.UTF_8);
  }

  private List<ToolCall> calls(Span array) throws JsonFault {
    List<ToolCall> calls = new ArrayList<>();
    try (JsonCursor cursor = new JsonCursor(bytes, array)) {
      cursor.enterArray();
      while (cursor.nextElement()) {
        Span function = JsonMembers.value(bytes, cursor.skip(), "function");
        JsonString name = function == null ? null : JsonMembers.string(bytes, function, "name");
        JsonString arguments =
            function == null ? null : JsonMembers.string(bytes, function, "arguments");
        calls.add(
            new ToolCall(
                "",
                name == null ? "" : name.text(),
                arguments == null ? "" : packed(arguments.text())));
        cursor.endElement();
      }
    }
    return calls;
  }

  /** Whether an answer's calls are those that the conversation repeats. */
  static boolean sameCalls(List<ToolCall> calls, List<ToolCall> repeated) {
    if (repeated.isEmpty() || calls.size() != repeated.size()) {
      return false;
    }
    for (int i = 0; i < calls.size(); i++) {
      ToolCall call = calls.get(i);
      ToolCall other = repeated.get(i);
      if (!call.name().equals(other.name())
          || !packed(call.arguments()).equals(other.arguments())) {
        return false;
      }
    }
    return true;
  }

  /** JSON without the white space between its parts: agents write arguments anew. */
  private static String packed(String json) {
    StringBuilder packed = new StringBuilder(json.length());
    boolean inString = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (inString && c == '\\' && i + 1 < json.length()) {
        packed.append(c).append(json.charAt(++i));
        continue;
      }
      inString ^= c == '"';
      if (inString || !Character.isWhitespace(c)) {
        packed.append(c);
      }
    }
    return packed.toString();
  }
}
