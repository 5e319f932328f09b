package dev.plimsoll.upstream;

import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.Member;
import dev.plimsoll.chat.Message;
import dev.plimsoll.chat.Parsed;
import dev.plimsoll.chat.Role;
import dev.plimsoll.json.JsonOut;
import dev.plimsoll.tokens.CallText;
import dev.plimsoll.tokens.MessageText;
import dev.plimsoll.tokens.ModelCounter;
import dev.plimsoll.tokens.Probe;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * Writes chat requests that are only to be rendered: like a client's, but with other messages.
 *
 * <p>What else a request says, such as how much to reason, may change how its template writes.
 */
final class ProbeBodies {
  private static final Set<String> REPLACED =
      Set.of("messages", "tools", "stream", "stream_options");

  /** One tool that is nobody's, for templates that write more when there are any. */
  private static final String TOOL =
      "[{\"type\":\"function\",\"function\":{\"name\":\"look\",\"description\":\"Looks.\","
          + "\"parameters\":{\"type\":\"object\",\"properties\":{\"at\":{\"type\":\"string\"}}}}}]";

  private ProbeBodies() {}

  /** The request's system messages and tools, and a user's message of one word. */
  static ChatRequest fixedPart(ChatRequest request) {
    JsonOut out = new JsonOut(4096);
    out.ascii("{\"messages\":[");
    for (Message message : request.messages()) {
      if (message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER) {
        out.raw(request.bytes(), message.span()).ascii(',');
      }
    }
    message(out, ModelCounter.FIXED_USER, new ArrayDeque<>());
    out.ascii(']');
    if (request.tools() != null) {
      out.ascii(",\"tools\":").raw(request.bytes(), request.tools());
    }
    return rest(request, out);
  }

  /** A probe's messages, with a tool if the request has any. */
  static ChatRequest probe(ChatRequest request, Probe probe) {
    JsonOut out = new JsonOut(8192);
    out.ascii("{\"messages\":");
    messages(out, probe.messages());
    out.ascii(request.tools() == null ? "" : ",\"tools\":" + TOOL);
    return rest(request, out);
  }

  private static ChatRequest rest(ChatRequest request, JsonOut out) {
    for (Member member : request.body().members()) {
      if (!REPLACED.contains(member.name())) {
        out.ascii(',').raw(request.bytes(), member.span());
      }
    }
    return switch (ChatRequest.parse(out.ascii('}').toBytes())) {
      case Parsed.Good<ChatRequest>(ChatRequest made) -> made;
      case Parsed.Bad<ChatRequest>(var error) -> throw new IllegalStateException(error.message());
    };
  }

  private static void messages(JsonOut out, List<MessageText> messages) {
    Deque<Integer> open = new ArrayDeque<>();
    out.ascii('[');
    boolean first = true;
    for (MessageText message : messages) {
      out.ascii(first ? "" : ",");
      first = false;
      message(out, message, open);
    }
    out.ascii(']');
  }

  /** A message as a client writes it; results answer calls in their order. */
  private static void message(JsonOut out, MessageText message, Deque<Integer> open) {
    out.ascii("{\"role\":\"").ascii(message.role().label()).ascii("\",\"content\":");
    out.string(message.content());
    if (!message.reasoning().isEmpty()) {
      out.ascii(",\"reasoning_content\":").string(message.reasoning());
    }
    if (message.role() == Role.TOOL) {
      out.ascii(",\"tool_call_id\":\"call_").number(open.remove()).ascii('"');
    }
    for (int i = 0; i < message.calls().size(); i++) {
      CallText call = message.calls().get(i);
      int id = open.size();
      open.add(id);
      out.ascii(i == 0 ? ",\"tool_calls\":[" : ",").ascii("{\"id\":\"call_").number(id);
      out.ascii("\",\"type\":\"function\",\"function\":{\"name\":").string(call.name());
      out.ascii(",\"arguments\":").string(call.arguments()).ascii("}}");
    }
    out.ascii(message.calls().isEmpty() ? "}" : "]}");
  }
}
