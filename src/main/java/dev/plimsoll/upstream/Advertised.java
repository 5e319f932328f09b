package dev.plimsoll.upstream;

import dev.plimsoll.config.Compaction;
import dev.plimsoll.config.Config;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The window that agents are told of a model.
 *
 * <p>Conversations are made shorter on their way, so an agent may fill more than is there, as with
 * virtual memory. Then its own summary, which loses more, never comes in between.
 *
 * @param wanted the number that the user wants told, of every model
 * @param more whether conversations may be longer than the window
 */
public record Advertised(OptionalInt wanted, boolean more) {
  private static final long LEAST = 200_000;

  /** What a configuration says. */
  public static Advertised of(Config config) {
    return new Advertised(
        config.context().advertise(), config.compaction().mode() == Compaction.Mode.LEDGER);
  }

  /** What is told of a window, in tokens; a model whose window is not known has none to tell. */
  OptionalLong of(OptionalLong window) {
    if (wanted.isPresent()) {
      return OptionalLong.of(wanted.getAsInt());
    }
    return more && window.isPresent()
        ? OptionalLong.of(Math.max(LEAST, 2 * window.getAsLong()))
        : window;
  }
}
