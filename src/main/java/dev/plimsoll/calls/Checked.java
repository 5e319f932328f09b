package dev.plimsoll.calls;

import dev.plimsoll.chat.ToolCall;
import java.util.List;
import java.util.Set;

/** What a look at an answer's calls came to; a closed set. */
public sealed interface Checked {
  /**
   * Every call is one that its tool takes.
   *
   * @param repairs what was put right about them
   */
  record Sound(List<ToolCall> calls, Set<Repair> repairs) implements Checked {
    /** Copies the collections. */
    public Sound {
      calls = List.copyOf(calls);
      repairs = Set.copyOf(repairs);
    }
  }

  /** One is not, so none may leave. */
  record Flawed(Flaw flaw) implements Checked {}
}
