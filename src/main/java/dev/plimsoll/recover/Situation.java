package dev.plimsoll.recover;

import dev.plimsoll.chat.ToolCall;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a decision depends on beside the outcomes; all of it is known before the first attempt but
 * for the time.
 *
 * @param single whether the client asked for one attempt only
 * @param tools whether the request declares tools
 * @param continuable whether an answer that broke off may be continued: half a JSON document may
 *     not
 * @param shortenable whether the conversation can be made shorter
 * @param wanted which call the client demands where its server cannot be told so
 * @param clientCap the client's cap on generated tokens
 * @param repeated the calls that the conversation keeps making with the same result; none when it
 *     does not
 * @param window the model's window in tokens, for messages; 0 when unknown
 * @param elapsed since the request came
 */
public record Situation(
    boolean single,
    boolean tools,
    boolean continuable,
    boolean shortenable,
    Wanted wanted,
    OptionalLong clientCap,
    List<ToolCall> repeated,
    long window,
    Duration elapsed) {
  /** Copies the list. */
  public Situation {
    repeated = List.copyOf(repeated);
  }

  /** The call that an answer has to hold. */
  public sealed interface Wanted {
    /** None. */
    record Nothing() implements Wanted {}

    /** Any. */
    record Any() implements Wanted {}

    /** One of this tool. */
    record Tool(String name) implements Wanted {}
  }

  /** Whether the calls of an answer are what the client demands. */
  boolean satisfiedBy(List<ToolCall> calls) {
    return switch (wanted) {
      case Wanted.Nothing _ -> true;
      case Wanted.Any _ -> !calls.isEmpty();
      case Wanted.Tool(var name) -> calls.stream().anyMatch(call -> call.name().equals(name));
    };
  }
}
