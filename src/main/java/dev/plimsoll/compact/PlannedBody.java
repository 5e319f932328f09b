package dev.plimsoll.compact;

import dev.plimsoll.chat.Body;
import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.Member;
import dev.plimsoll.chat.Message;
import dev.plimsoll.chat.Parsed;
import dev.plimsoll.json.JsonCursor;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import dev.plimsoll.json.JsonMembers;
import dev.plimsoll.json.JsonOut;
import dev.plimsoll.json.Span;
import dev.plimsoll.tokens.CallText;
import dev.plimsoll.tokens.MessageReader;
import dev.plimsoll.tokens.MessageText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the request that a plan stands for: the client's bytes, with the array of messages made
 * anew out of its own pieces.
 *
 * <p>Messages that stay are copied byte for byte. Of one that changes only the changed values are
 * written; its other members, unknown ones too, are copied.
 */
public final class PlannedBody {
  private final ChatRequest request;
  private final byte[] bytes;
  private final MessageReader reader;
  private final JsonOut out;

  private PlannedBody(ChatRequest request, int more) {
    this.request = request;
    this.bytes = request.bytes();
    this.reader = new MessageReader(request);
    this.out = new JsonOut(bytes.length + more);
  }

  /** The request as it is to be sent; the same one when the plan changes nothing. */
  public static ChatRequest of(ChatRequest request, Plan plan) {
    if (plan.isIdentity()) {
      return request;
    }
    byte[] body = new PlannedBody(request, 2 * plan.log().length()).write(plan);
    return switch (ChatRequest.parse(body)) {
      case Parsed.Good(var planned) -> planned;
      case Parsed.Bad(var error) -> throw new IllegalStateException(error.message());
    };
  }

  private byte[] write(Plan plan) {
    Body body = request.body();
    Member messages = body.member("messages").orElseThrow();
    out.raw(bytes, 0, messages.value().start()).ascii('[');
    boolean first = true;
    boolean logged = plan.hosted() || plan.log().isEmpty();
    for (Placement placement : plan.placements()) {
      Message message = request.messages().get(placement.index());
      if (!logged && !Transcript.isSystem(message.role())) {
        separate(first);
        out.ascii("{\"role\":\"user\",\"content\":").string(plan.log().strip()).ascii('}');
        first = false;
        logged = true;
      }
      if (placement.isSent()) {
        separate(first);
        first = false;
        message(message, placement);
      }
    }
    return out.ascii(']').raw(bytes, messages.value().end(), bytes.length).toBytes();
  }

  private void separate(boolean first) {
    if (!first) {
      out.ascii(',');
    }
  }

  private void message(Message message, Placement placement) {
    MessageText text = placement.text();
    if (text == null) {
      out.raw(bytes, message.span());
      return;
    }
    MessageText old = reader.read(placement.index());
    int copied = message.span().start();
    try {
      for (Piece piece : pieces(message, old, text)) {
        out.raw(bytes, copied, piece.span().start());
        piece.write(this);
        copied = piece.span().end();
      }
    } catch (JsonFault e) {
      throw new IllegalStateException("a body that was parsed before", e);
    }
    out.raw(bytes, copied, message.span().end());
  }

  /** A value of a message that is written anew. */
  private sealed interface Piece {
    Span span();

    void write(PlannedBody body) throws JsonFault;
  }

  private record Text(Span span, String text) implements Piece {
    @Override
    public void write(PlannedBody body) {
      body.out.string(text);
    }
  }

  private record Parts(Span span, String old, String text) implements Piece {
    @Override
    public void write(PlannedBody body) throws JsonFault {
      body.parts(span, old, text);
    }
  }

  private List<Piece> pieces(Message message, MessageText old, MessageText text) throws JsonFault {
    List<Piece> found = new ArrayList<>();
    Span content = message.content();
    if (content != null && !old.content().equals(text.content())) {
      found.add(
          message.contentKind() == JsonKind.STRING
              ? new Text(content, text.content())
              : new Parts(content, old.content(), text.content()));
    }
    Span calls = message.toolCalls();
    if (calls != null) {
      arguments(calls, old.calls(), text.calls(), found);
    }
    found.sort(Comparator.comparingInt(piece -> piece.span().start()));
    return found;
  }

  private void arguments(Span calls, List<CallText> old, List<CallText> now, List<Piece> found)
      throws JsonFault {
    try (JsonCursor cursor = new JsonCursor(bytes, calls)) {
      cursor.enterArray();
      for (int i = 0; cursor.nextElement(); i++) {
        Span call = cursor.skip();
        cursor.endElement();
        Span function = JsonMembers.value(bytes, call, "function");
        Span value = function == null ? null : JsonMembers.value(bytes, function, "arguments");
        if (value != null && !old.get(i).equals(now.get(i))) {
          found.add(new Text(value, now.get(i).arguments()));
        }
      }
    }
  }

  /**
   * Content that is an array of parts: text appended becomes one more part; other text takes the
   * place of the first text part, and the rest of them go.
   */
  private void parts(Span content, String old, String text) throws JsonFault {
    boolean appended = text.startsWith(old);
    out.ascii('[');
    boolean first = true;
    boolean told = false;
    try (JsonCursor cursor = new JsonCursor(bytes, content)) {
      cursor.enterArray();
      while (cursor.nextElement()) {
        Span part = cursor.skip();
        cursor.endElement();
        boolean isText = isText(part);
        if (isText && !appended && told) {
          continue;
        }
        separate(first);
        first = false;
        if (isText && !appended) {
          textPart(text);
          told = true;
        } else {
          out.raw(bytes, part);
        }
      }
    }
    if (appended) {
      separate(first);
      textPart(text.substring(old.length()).strip());
    }
    out.ascii(']');
  }

  private boolean isText(Span part) throws JsonFault {
    return JsonMembers.string(bytes, part, "text") != null;
  }

  private void textPart(@Nullable String text) {
    out.ascii("{\"type\":\"text\",\"text\":").string(text == null ? "" : text).ascii('}');
  }
}
