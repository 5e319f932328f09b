package dev.plimsoll.stream;

import dev.plimsoll.calls.Repair;
import dev.plimsoll.calls.Written;
import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.chat.ToolCall;
import dev.plimsoll.chat.Usage;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What there is of an answer once nothing more of it comes, before anybody has thought about it.
 *
 * @param failure why it ended, when that was no good end
 * @param reason why the model stopped; null when nobody said
 * @param calls the tool calls, those in the text first; nobody has looked at their arguments
 * @param inText how many of them stood in the text
 * @param mended what had to be mended in the form of the others
 * @param written what the held text is
 * @param hasText whether anything but white space was said
 * @param hasReasoning whether there was any reasoning
 * @param bytes how many bytes of text and reasoning there were, as written in JSON
 * @param repeating whether it was stopped because it repeated itself
 * @param usage the upstream's count, null when there is none
 */
public record Ending(
    @Nullable UpstreamFailure failure,
    @Nullable FinishReason reason,
    List<ToolCall> calls,
    int inText,
    Set<Repair> mended,
    Written written,
    boolean hasText,
    boolean hasReasoning,
    long bytes,
    boolean repeating,
    @Nullable Usage usage) {
  /** Copies the collections. */
  public Ending {
    calls = List.copyOf(calls);
    mended = Set.copyOf(mended);
  }
}
