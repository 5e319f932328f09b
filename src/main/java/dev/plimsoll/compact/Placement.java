package dev.plimsoll.compact;

import dev.plimsoll.tokens.MessageText;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one message of a request, and why.
 *
 * @param index its place among all messages of the request
 * @param fate what becomes of it
 * @param text what is sent in its place; null when it is sent as it came, or not at all
 * @param why the reason in words that quote nothing of it
 */
public record Placement(int index, Fate fate, @Nullable MessageText text, String why) {
  static Placement kept(int index, String why) {
    return new Placement(index, Fate.KEPT, null, why);
  }

  static Placement dropped(int index) {
    return new Placement(
        index, Fate.DROPPED, null, "older than the tail; the log tells what came of it");
  }

  /** Whether something of it is sent. */
  public boolean isSent() {
    return fate != Fate.DROPPED;
  }
}
