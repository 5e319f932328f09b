package dev.plimsoll.admin;

import java.util.Locale;

/**
 * What was found when one part was looked at.
 *
 * @param name the part
 * @param status how it does
 * @param detail one sentence for an operator
 */
public record Check(String name, Status status, String detail) {
  /** How a part does; the worst one is how the whole does. */
  public enum Status {
    /** Well. */
    UP,
    /** Something is wrong, but requests are answered. */
    DEGRADED,
    /** Requests cannot be answered. */
    DOWN;

    /** The name in answers. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A part that does well. */
  public static Check up(String name, String detail) {
    return new Check(name, Status.UP, detail);
  }

  /** A part without which requests cannot be answered. */
  public static Check down(String name, String detail) {
    return new Check(name, Status.DOWN, detail);
  }

  /** Looks at a part; may block a virtual thread for some seconds. */
  @FunctionalInterface
  public interface Look {
    /** How it does now. */
    Check look() throws InterruptedException;
  }
}
