package dev.plimsoll.stream;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.ToolCall;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonMembers;
import dev.plimsoll.json.JsonOut;
import dev.plimsoll.json.JsonString;
import dev.plimsoll.json.Slice;
import dev.plimsoll.json.Span;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a chat answer as the canonical stream: role with the first delta, text and reasoning, each
 * tool call in one delta, one finish chunk, one usage chunk if asked, {@code [DONE]}.
 *
 * <p>An OpenAI chunk that says just what would be written here goes out as it came, as long as its
 * upstream spells the model as the client does.
 */
public final class ChatStream implements AnswerWriter {
  private final JsonOut out;
  private final AnswerId id;
  private final boolean includeUsage;
  private byte[] prefix = new byte[0];
  private byte[] finishPrefix = new byte[0];
  private boolean relayable;
  private boolean roleSent;
  private boolean open;

  /** Makes the writer of one answer. */
  public ChatStream(AnswerId id, boolean includeUsage) {
    this.out = new JsonOut(512);
    this.id = id;
    this.includeUsage = includeUsage;
  }

  @Override
  public JsonOut out() {
    return out;
  }

  @Override
  public void opened(StreamEvent.Opened opened) {
    if (open) {
      // Another attempt under the same answer: its own id must not show.
      relayable = false;
      return;
    }
    relayable =
        opened.model().text().equals(id.model()) && opened.created() >= 0 && !opened.id().isEmpty();
    if (relayable) {
      open(opened.id(), opened.created());
    }
  }

  private void open(JsonString answerId, long created) {
    open = true;
    JsonOut head = new JsonOut(160);
    head.ascii("data: {\"id\":");
    answerId.writeTo(head);
    head.ascii(",\"object\":\"chat.completion.chunk\",\"created\":").number(created);
    head.ascii(",\"model\":").string(id.model()).ascii(",\"choices\":[");
    finishPrefix = head.toBytes();
    prefix = head.ascii("{\"index\":0,\"delta\":{").toBytes();
  }

  @Override
  public void text(StreamEvent.TextDelta delta) {
    begin();
    if (relay(delta.chunk())) {
      return;
    }
    out.raw(prefix).ascii("\"content\":");
    delta.text().writeTo(out);
    endDelta(delta.logprobs());
  }

  @Override
  public void reasoning(StreamEvent.ReasoningDelta delta) {
    begin();
    if (isNamed(delta.text(), id.reasoningField()) && relay(delta.chunk())) {
      return;
    }
    out.raw(prefix).string(id.reasoningField()).ascii(':');
    delta.text().writeTo(out);
    endDelta(null);
  }

  /** Whether the value's key, which stands before it, is this name; servers have two for it. */
  private static boolean isNamed(JsonString value, String name) {
    byte[] bytes = value.bytes();
    int end = value.start();
    while (end > 0 && (bytes[end - 1] == ' ' || bytes[end - 1] == '\t' || bytes[end - 1] == ':')) {
      end--;
    }
    int start = end - name.length() - 2;
    if (start < 0 || bytes[start] != '"' || bytes[end - 1] != '"') {
      return false;
    }
    return new String(bytes, start + 1, name.length(), StandardCharsets.US_ASCII).equals(name);
  }

  private void begin() {
    if (!open) {
      open(JsonString.of(id.id()), id.created());
    }
    if (!roleSent) {
      roleSent = true;
      out.raw(prefix).ascii("\"role\":\"assistant\",\"content\":\"\"");
      endDelta(null);
    }
  }

  private boolean relay(@Nullable Slice chunk) {
    if (chunk == null || !relayable) {
      return false;
    }
    out.ascii("data: ");
    chunk.writeTo(out);
    out.ascii("\n\n");
    return true;
  }

  private void endDelta(@Nullable Slice logprobs) {
    out.ascii('}');
    if (logprobs != null) {
      out.ascii(",\"logprobs\":{\"content\":");
      logprobs.writeTo(out);
      out.ascii('}');
    }
    out.ascii(",\"finish_reason\":null}]}\n\n");
  }

  @Override
  public void end(Answer answer) {
    begin();
    calls(answer.calls());
    if (!relay(answer.finishChunk())) {
      out.raw(prefix).ascii("},\"finish_reason\":\"").ascii(answer.reason().label());
      out.ascii("\"}]}\n\n");
    }
    if (includeUsage && answer.usage() != null && !relayUsage(answer)) {
      out.raw(finishPrefix).ascii("],\"usage\":");
      AnswerParts.usage(out, answer.usage(), answer.plimsoll());
      AnswerParts.timings(out, answer);
      out.ascii("}\n\n");
    }
    out.ascii("data: [DONE]\n\n");
  }

  /** Passes the upstream's usage chunk on, with Plimsoll's own member at the end of its usage. */
  private boolean relayUsage(Answer answer) {
    Slice chunk = answer.usageChunk();
    PlimsollUsage plimsoll = answer.plimsoll();
    if (chunk == null || plimsoll == null || !relayable) {
      return relay(chunk);
    }
    Span usage = usageToExtend(chunk);
    if (usage == null) {
      return false;
    }
    out.ascii("data: ").raw(chunk.bytes(), chunk.start(), usage.end() - 1).ascii(',');
    plimsoll.write(out);
    out.raw(chunk.bytes(), usage.end() - 1, chunk.end()).ascii("\n\n");
    return true;
  }

  /** The usage object in a chunk; null when nothing can be added to it. */
  private static @Nullable Span usageToExtend(Slice chunk) {
    try {
      Span whole = new Span(chunk.start(), chunk.end());
      Span usage = JsonMembers.value(chunk.bytes(), whole, "usage");
      boolean taken = usage == null || JsonMembers.value(chunk.bytes(), usage, "plimsoll") != null;
      return taken ? null : usage;
    } catch (JsonFault e) {
      throw new IllegalStateException("a chunk that was parsed before", e);
    }
  }

  private void calls(List<ToolCall> calls) {
    for (int i = 0; i < calls.size(); i++) {
      out.raw(prefix).ascii("\"tool_calls\":[");
      AnswerParts.call(out, calls.get(i), i);
      out.ascii(']');
      endDelta(null);
    }
  }

  @Override
  public void fail(ApiError error) {
    out.ascii("data: ");
    error.writeTerminal(out);
    out.ascii("\n\n");
  }
}
