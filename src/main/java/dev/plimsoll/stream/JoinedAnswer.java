package dev.plimsoll.stream;

import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.chat.ToolCall;
import dev.plimsoll.json.JsonOut;
import dev.plimsoll.json.JsonString;
import dev.plimsoll.json.Slice;
import java.util.List;

/** Collects an answer for a client that does not stream, and writes it as one JSON document. */
public final class JoinedAnswer implements AnswerWriter {
  private final JsonOut out = new JsonOut(1024);
  private final AnswerId id;
  private final Form form;
  private JsonOut text = new JsonOut(256);
  private JsonOut reasoning = new JsonOut(16);
  private JsonOut logprobs = new JsonOut(16);
  private String answerId;
  private long created;

  /** The two documents that an answer can become. */
  public enum Form {
    CHAT,
    COMPLETION
  }

  /** Makes the collector of one answer. */
  public JoinedAnswer(AnswerId id, Form form) {
    this.id = id;
    this.form = form;
    this.answerId = id.id();
    this.created = id.created();
  }

  @Override
  public JsonOut out() {
    return out;
  }

  /** The number of bytes collected, for the caller's limit. */
  public long collected() {
    return (long) text.length() + reasoning.length() + logprobs.length();
  }

  /** Forgets what was collected, so that another attempt can start afresh. */
  public void restart() {
    text = new JsonOut(256);
    reasoning = new JsonOut(16);
    logprobs = new JsonOut(16);
  }

  @Override
  public void opened(StreamEvent.Opened opened) {
    answerId = opened.id().isEmpty() ? answerId : opened.id().text();
    created = opened.created() >= 0 ? opened.created() : created;
  }

  @Override
  public void text(StreamEvent.TextDelta delta) {
    delta.text().writeInside(text);
    Slice probabilities = delta.logprobs();
    if (probabilities != null && probabilities.length() > 2) {
      if (logprobs.length() > 0) {
        logprobs.ascii(',');
      }
      logprobs.raw(probabilities.bytes(), probabilities.start() + 1, probabilities.end() - 1);
    }
  }

  @Override
  public void reasoning(StreamEvent.ReasoningDelta delta) {
    JsonString piece = delta.text();
    piece.writeInside(reasoning);
  }

  @Override
  public void end(Answer answer) {
    boolean chat = form == Form.CHAT;
    out.ascii("{\"id\":").string(answerId).ascii(",\"object\":\"");
    out.ascii(chat ? "chat.completion" : "text_completion").ascii("\",\"created\":");
    out.number(created).ascii(",\"model\":").string(id.model());
    out.ascii(",\"choices\":[{\"index\":0,");
    if (chat) {
      message(answer.calls());
    } else {
      out.ascii("\"text\":\"").raw(text.array(), 0, text.length()).ascii('"');
    }
    logprobs();
    boolean callsUntold = !chat && answer.reason() == FinishReason.TOOL_CALLS;
    FinishReason reason = callsUntold ? FinishReason.STOP : answer.reason();
    out.ascii(",\"finish_reason\":\"").ascii(reason.label()).ascii("\"}]");
    if (answer.usage() != null) {
      out.ascii(",\"usage\":");
      AnswerParts.usage(out, answer.usage(), answer.plimsoll());
      AnswerParts.timings(out, answer);
    }
    out.ascii('}');
  }

  private void message(List<ToolCall> calls) {
    out.ascii("\"message\":{\"role\":\"assistant\",\"content\":");
    if (text.length() == 0 && !calls.isEmpty()) {
      out.ascii("null");
    } else {
      out.ascii('"').raw(text.array(), 0, text.length()).ascii('"');
    }
    if (reasoning.length() > 0) {
      out.ascii(',').string(id.reasoningField()).ascii(":\"");
      out.raw(reasoning.array(), 0, reasoning.length()).ascii('"');
    }
    for (int i = 0; i < calls.size(); i++) {
      out.ascii(i == 0 ? ",\"tool_calls\":[" : ",");
      AnswerParts.call(out, calls.get(i), -1);
    }
    out.ascii(calls.isEmpty() ? "}" : "]}");
  }

  private void logprobs() {
    if (logprobs.length() > 0) {
      out.ascii(",\"logprobs\":{\"content\":[").raw(logprobs.array(), 0, logprobs.length());
      out.ascii("]}");
    } else {
      out.ascii(",\"logprobs\":null");
    }
  }

  @Override
  public void fail(ApiError error) {
    out.raw(error.toJson());
  }
}
