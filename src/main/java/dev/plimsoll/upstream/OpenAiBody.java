package dev.plimsoll.upstream;

import dev.plimsoll.chat.Body;
import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.Member;
import dev.plimsoll.chat.Message;
import dev.plimsoll.chat.Role;
import dev.plimsoll.json.JsonCursor;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import dev.plimsoll.json.JsonOut;
import dev.plimsoll.json.Slice;
import dev.plimsoll.json.Span;
import dev.plimsoll.recover.Changes;
import dev.plimsoll.recover.Room;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes a chat request for an OpenAI upstream: the client's bytes, with the few fields that
 * Plimsoll owns spliced in place.
 *
 * <p>Owned are {@code stream} (always true, so that the answer can be watched), {@code
 * stream_options.include_usage} (always true, so that tokens are counted), and the caps where they
 * are above what surely fits behind the prompt. A body that has all that already goes out as it
 * came. An attempt that differs from what the client asked has more: a cap, a seed, less reasoning,
 * and at the end of the messages a note or the answer so far.
 */
final class OpenAiBody {
  private static final List<String> CAPS = List.of("max_tokens", "max_completion_tokens");

  private final Question question;
  private final ChatRequest request;
  private final Body body;
  private final byte[] bytes;
  private final Map<String, byte[]> owned = new LinkedHashMap<>();

  private OpenAiBody(ChatRequest request, Question question) {
    this.request = request;
    this.question = question;
    this.body = request.body();
    this.bytes = request.bytes();
  }

  /**
   * Writes a request.
   *
   * @param templateArguments whether the server takes arguments for its chat template
   */
  static Encoded.Ready chat(
      ChatRequest request, Question question, OptionalLong window, boolean templateArguments) {
    OpenAiBody written = new OpenAiBody(request, question);
    if (!request.stream()) {
      written.own("stream", "true");
    }
    if (!request.includeUsage()) {
      written.own("stream_options", written.usageAsked());
    }
    OptionalLong cap = written.caps();
    written.changes(templateArguments);
    return new Encoded.Ready("/v1/chat/completions", written.spliced(), new Room(window, cap));
  }

  private void own(String name, String json) {
    own(name, json.getBytes(StandardCharsets.UTF_8));
  }

  private void own(String name, byte[] json) {
    owned.put(name, json);
  }

  /** The client's caps, lowered to the room or raised for this attempt; tells what holds. */
  private OptionalLong caps() {
    OptionalLong wanted = question.changes().cap();
    OptionalLong cap = wanted.isPresent() ? wanted : request.maxTokens();
    // A raised cap is made from the server's own count of the prompt.
    long most = wanted.isPresent() ? question.room().most() : question.room().sure();
    if (cap.isPresent()) {
      cap = OptionalLong.of(Math.min(cap.getAsLong(), most));
    }
    boolean told = false;
    for (String name : CAPS) {
      Member member = body.member(name).orElse(null);
      if (member != null && member.kind() == JsonKind.NUMBER) {
        told = true;
        if (wanted.isPresent()) {
          own(name, Long.toString(cap.orElseThrow()));
        } else if (above(member, most)) {
          own(name, Long.toString(most));
        }
      }
    }
    if (wanted.isPresent() && !told) {
      own("max_tokens", Long.toString(cap.orElseThrow()));
    }
    return cap;
  }

  private void changes(boolean templateArguments) {
    Changes changes = question.changes();
    if (changes.seed() > 0) {
      Member seed = body.member("seed").orElse(null);
      Slice value = seed == null ? null : Slice.at(bytes, seed.value());
      own("seed", Long.toString(OllamaOptions.seed(value) + changes.seed()));
    }
    if (changes.calm() && body.member("repeat_penalty").isPresent()) {
      own("repeat_penalty", "1.0");
    }
    if (changes.thinkLess()) {
      if (body.member("reasoning_effort").isPresent()) {
        own("reasoning_effort", "\"low\"");
      }
      if (templateArguments && body.member("chat_template_kwargs").isEmpty()) {
        own("chat_template_kwargs", "{\"enable_thinking\":false}");
      }
    }
  }

  private byte[] spliced() {
    JsonOut out = new JsonOut(bytes.length + 80);
    String note = question.note();
    String answered = question.answered();
    int copied = 0;
    for (Member member : body.members()) {
      byte[] own = owned.remove(member.name());
      if (own != null) {
        out.raw(bytes, copied, member.value().start()).raw(own);
        copied = member.value().end();
      } else if (member.name().equals("messages") && (note != null || answered != null)) {
        copied = messages(out, copied, member.value(), note, answered);
      }
    }
    if (!owned.isEmpty()) {
      int end = body.members().getLast().span().end();
      out.raw(bytes, copied, end);
      copied = end;
      owned.forEach((name, json) -> out.ascii(',').string(name).ascii(':').raw(json));
    }
    return copied == 0 ? bytes : out.raw(bytes, copied, bytes.length).toBytes();
  }

  /** Adds to the messages' end, and tells up to where the client's bytes have been copied. */
  private int messages(
      JsonOut out, int copied, Span array, @Nullable String note, @Nullable String answered) {
    Message last = request.messages().getLast();
    Span content = last.content();
    boolean takesNote = last.role() == Role.USER && content != null && !isEmptyArray(last);
    if (answered == null && note != null && takesNote && content != null) {
      // Many templates refuse two messages of the user in a row.
      int end = content.end() - 1;
      out.raw(bytes, copied, end);
      if (last.contentKind() == JsonKind.STRING) {
        out.text("\n\n" + note);
      } else {
        out.ascii(",{\"type\":\"text\",\"text\":").string(note).ascii('}');
      }
      return end;
    }
    int end = array.end() - 1;
    out.raw(bytes, copied, end);
    if (answered != null) {
      out.ascii(",{\"role\":\"assistant\",\"content\":").string(answered).ascii('}');
    }
    if (note != null) {
      out.ascii(",{\"role\":\"user\",\"content\":").string(note).ascii('}');
    }
    return end;
  }

  private boolean isEmptyArray(Message message) {
    Span content = message.content();
    return content != null
        && message.contentKind() == JsonKind.ARRAY
        && Slice.at(bytes, content).length() < "[{}]".length();
  }

  /** The client's stream options with the usage asked for, its other members kept. */
  private byte[] usageAsked() {
    JsonOut out = new JsonOut(40);
    out.ascii("{\"include_usage\":true");
    Member member = body.member("stream_options").orElse(null);
    if (member != null && member.kind() == JsonKind.OBJECT) {
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
    return out.ascii('}').toBytes();
  }

  private boolean above(Member member, long most) {
    try (JsonCursor cursor = new JsonCursor(bytes, member.value())) {
      return cursor.integer() > most;
    } catch (JsonFault e) {
      throw new IllegalStateException("a body that was parsed before", e);
    }
  }
}
