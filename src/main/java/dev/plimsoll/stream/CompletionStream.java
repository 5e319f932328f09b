package dev.plimsoll.stream;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.json.JsonOut;

/**
 * Writes the answer of the older {@code /v1/completions} as its stream; reasoning has no place in
 * it.
 */
public final class CompletionStream implements AnswerWriter {
  private final JsonOut out = new JsonOut(512);
  private final byte[] prefix;
  private final boolean includeUsage;

  /** Makes the writer of one answer. */
  public CompletionStream(AnswerId id, boolean includeUsage) {
    this.includeUsage = includeUsage;
    JsonOut head = new JsonOut(160);
    head.ascii("data: {\"id\":").string(id.id());
    head.ascii(",\"object\":\"text_completion\",\"created\":").number(id.created());
    head.ascii(",\"model\":").string(id.model()).ascii(",\"choices\":[");
    prefix = head.toBytes();
  }

  @Override
  public JsonOut out() {
    return out;
  }

  @Override
  public void opened(StreamEvent.Opened opened) {
    // Completions are always written anew, under Plimsoll's own id.
  }

  @Override
  public void text(StreamEvent.TextDelta delta) {
    out.raw(prefix).ascii("{\"text\":");
    delta.text().writeTo(out);
    out.ascii(",\"index\":0,\"logprobs\":null,\"finish_reason\":null}]}\n\n");
  }

  @Override
  public void reasoning(StreamEvent.ReasoningDelta delta) {
    // The form has no field for it.
  }

  @Override
  public void end(Answer answer) {
    FinishReason reason =
        answer.reason() == FinishReason.TOOL_CALLS ? FinishReason.STOP : answer.reason();
    out.raw(prefix).ascii("{\"text\":\"\",\"index\":0,\"logprobs\":null,\"finish_reason\":\"");
    out.ascii(reason.label()).ascii("\"}]}\n\n");
    if (includeUsage && answer.usage() != null) {
      out.raw(prefix).ascii("],\"usage\":");
      AnswerParts.usage(out, answer.usage(), answer.plimsoll());
      AnswerParts.timings(out, answer);
      out.ascii("}\n\n");
    }
    out.ascii("data: [DONE]\n\n");
  }

  @Override
  public void fail(ApiError error) {
    out.ascii("data: ");
    error.writeTerminal(out);
    out.ascii("\n\n");
  }
}
