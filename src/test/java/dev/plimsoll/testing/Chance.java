package dev.plimsoll.testing;

import java.util.SplittableRandom;

/**
 * Chance for generated cases: every case has its own seed, so that a failing one can be run alone.
 *
 * <p>{@code -Dseed=N} runs only the case of that seed.
 */
public final class Chance {
  private static final long ONLY = Long.getLong("seed", Long.MIN_VALUE);

  private Chance() {}

  /** One generated case. */
  @FunctionalInterface
  public interface Case {
    /** Makes the case from its chance and checks it. */
    void run(SplittableRandom random) throws Exception;
  }

  /** Runs the cases with the seeds from {@code first}; a failure names its seed. */
  public static void cases(long first, int count, Case each) {
    if (ONLY != Long.MIN_VALUE) {
      run(ONLY, each);
      return;
    }
    for (int i = 0; i < count; i++) {
      run(first + i, each);
    }
  }

  private static void run(long seed, Case each) {
    try {
      each.run(new SplittableRandom(seed));
    } catch (Exception | AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e, e);
    }
  }
}
