package dev.plimsoll.upstream;

import dev.plimsoll.chat.Body;
import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.Member;
import dev.plimsoll.json.JsonCursor;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import dev.plimsoll.json.JsonOut;
import dev.plimsoll.json.Span;
import dev.plimsoll.tokens.AnswerRoom;

/**
 * Writes a chat request for an OpenAI upstream: the client's bytes, with the few fields that
 * Plimsoll owns spliced in place.
 *
 * <p>Owned are {@code stream} (always true, so that the answer can be watched), {@code
 * stream_options.include_usage} (always true, so that tokens are counted), and the caps where they
 * are above what surely fits behind the prompt. A body that has all that already goes out as it
 * came.
 */
final class OpenAiBody {
  private OpenAiBody() {}

  static byte[] chat(ChatRequest request, AnswerRoom room) {
    Body body = request.body();
    byte[] bytes = body.bytes();
    JsonOut out = new JsonOut(bytes.length + 80);
    int copied = 0;
    boolean streamSeen = false;
    boolean optionsSeen = false;
    for (Member member : body.members()) {
      Span value = member.value();
      switch (member.name()) {
        case "stream" -> {
          streamSeen = true;
          if (!request.stream()) {
            copied = splice(out, bytes, copied, value, "true");
          }
        }
        case "stream_options" -> {
          optionsSeen = true;
          if (!request.includeUsage()) {
            out.raw(bytes, copied, value.start());
            usageAsked(out, bytes, member);
            copied = value.end();
          }
        }
        case "max_tokens", "max_completion_tokens" -> {
          if (above(bytes, member, room)) {
            copied = splice(out, bytes, copied, value, Long.toString(room.sure()));
          }
        }
        default -> {}
      }
    }
    if (!streamSeen || !optionsSeen) {
      int end = body.members().getLast().span().end();
      out.raw(bytes, copied, end);
      copied = end;
      out.ascii(streamSeen ? "" : ",\"stream\":true");
      out.ascii(optionsSeen ? "" : ",\"stream_options\":{\"include_usage\":true}");
    }
    return copied == 0 ? bytes : out.raw(bytes, copied, bytes.length).toBytes();
  }

  private static int splice(JsonOut out, byte[] bytes, int copied, Span value, String with) {
    out.raw(bytes, copied, value.start()).ascii(with);
    return value.end();
  }

  /** The client's stream options with the usage asked for, its other members kept. */
  private static void usageAsked(JsonOut out, byte[] bytes, Member member) {
    out.ascii("{\"include_usage\":true");
    if (member.kind() == JsonKind.OBJECT) {
      try (JsonCursor cursor = new JsonCursor(bytes, member.value())) {
        cursor.enterObject();
        while (cursor.nextMember()) {
          boolean own = cursor.name().equals("include_usage");
          int start = cursor.nameStart();
          Span value = cursor.skip();
          if (!own) {
            out.ascii(',').raw(bytes, start, value.end());
          }
        }
      } catch (JsonFault e) {
        throw new IllegalStateException("a body that was parsed before", e);
      }
    }
    out.ascii('}');
  }

  private static boolean above(byte[] bytes, Member member, AnswerRoom room) {
    if (member.kind() != JsonKind.NUMBER) {
      return false;
    }
    try (JsonCursor cursor = new JsonCursor(bytes, member.value())) {
      return cursor.integer() > room.sure();
    } catch (JsonFault e) {
      throw new IllegalStateException("a body that was parsed before", e);
    }
  }
}
