package dev.plimsoll.calls;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the text that was held at the end of an answer is; a closed set. */
public sealed interface Written {
  /** Just text: it may leave. */
  record Prose() implements Written {}

  /** Calls, all of them complete, and nothing else that says anything. */
  record Calls(List<WrittenCall> calls) implements Written {
    /** Copies the list. */
    public Calls {
      calls = List.copyOf(calls);
    }
  }

  /**
   * A call that is not complete.
   *
   * @param name its tool, as far as it can be told
   */
  record Cut(@Nullable String name) implements Written {}
}
