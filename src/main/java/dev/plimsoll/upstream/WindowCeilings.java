package dev.plimsoll.upstream;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Windows that models turned out not to have, whatever was configured or told: a prompt that should
 * have fitted was refused or cut.
 *
 * <p>In memory only, since the reason may be gone after a restart: another model in the GPU's
 * memory, another start of the server.
 */
final class WindowCeilings {
  private static final int MOST = 1000;

  private final Map<String, Long> ceilings = new LinkedHashMap<>();

  /** A model's window is at most this; true when that is news. */
  synchronized boolean lower(String model, long tokens) {
    Long before = ceilings.get(model);
    if (tokens <= 0 || (before != null && before <= tokens)) {
      return false;
    }
    ceilings.put(model, tokens);
    if (ceilings.size() > MOST) {
      ceilings.remove(ceilings.keySet().iterator().next());
    }
    return true;
  }

  /** The window that is left of the one that was thought; empty when there was none. */
  synchronized OptionalLong below(String model, OptionalLong thought) {
    Long ceiling = ceilings.get(model);
    if (ceiling == null) {
      return thought;
    }
    return OptionalLong.of(Math.min(ceiling, thought.orElse(ceiling)));
  }
}
