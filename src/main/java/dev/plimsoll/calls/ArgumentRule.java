package dev.plimsoll.calls;

import org.jspecify.annotations.Nullable;

/** What tools demand of their arguments beyond being an object. */
@FunctionalInterface
public interface ArgumentRule {
  /** Demands nothing. */
  ArgumentRule NONE = (_, _) -> null;

  /**
   * What is wrong with arguments; null when nothing is, or when the tool's schema says nothing that
   * can be checked. Takes up to some milliseconds.
   *
   * @param arguments JSON text of one object
   */
  @Nullable Flaw flaw(Tool tool, String arguments);
}
