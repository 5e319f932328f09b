package dev.plimsoll.stream;

import dev.plimsoll.chat.ToolCall;
import dev.plimsoll.chat.Usage;
import dev.plimsoll.json.JsonOut;
import org.jspecify.annotations.Nullable;

/** The pieces of JSON that all forms of an answer share. */
final class AnswerParts {
  private static final double NANOS_PER_MILLI = 1e6;

  private AnswerParts() {}

  /** One tool call of a delta; {@code index} is left out of a joined message when negative. */
  static void call(JsonOut out, ToolCall call, int index) {
    out.ascii('{');
    if (index >= 0) {
      out.ascii("\"index\":").number(index).ascii(',');
    }
    out.ascii("\"id\":").string(call.id());
    out.ascii(",\"type\":\"function\",\"function\":{\"name\":").string(call.name());
    out.ascii(",\"arguments\":").string(call.arguments()).ascii("}}");
  }

  /** An answer's tokens, and what stands beside them. */
  static void usage(JsonOut out, Usage usage, @Nullable PlimsollUsage plimsoll) {
    out.ascii("{\"prompt_tokens\":").number(usage.prompt());
    out.ascii(",\"completion_tokens\":").number(usage.completion());
    out.ascii(",\"total_tokens\":").number(usage.total());
    if (usage.cached() > 0) {
      out.ascii(",\"prompt_tokens_details\":{\"cached_tokens\":").number(usage.cached()).ascii('}');
    }
    if (usage.reasoning() > 0) {
      out.ascii(",\"completion_tokens_details\":{\"reasoning_tokens\":");
      out.number(usage.reasoning()).ascii('}');
    }
    if (plimsoll != null) {
      out.ascii(',');
      plimsoll.write(out);
    }
    out.ascii('}');
  }

  /**
   * Ollama's times under the names that llama-server's clients know; nothing when there are none.
   */
  static void timings(JsonOut out, Answer answer) {
    Timings timings = answer.timings();
    Usage usage = answer.usage();
    if (timings == null || usage == null) {
      return;
    }
    out.ascii(",\"timings\":{\"load_ms\":").ascii(millis(timings.load()));
    out.ascii(",\"prompt_n\":").number(usage.prompt());
    out.ascii(",\"prompt_ms\":").ascii(millis(timings.prompt()));
    out.ascii(",\"predicted_n\":").number(usage.completion());
    out.ascii(",\"predicted_ms\":").ascii(millis(timings.eval())).ascii('}');
  }

  private static String millis(long nanos) {
    return Double.toString(nanos / NANOS_PER_MILLI);
  }
}
