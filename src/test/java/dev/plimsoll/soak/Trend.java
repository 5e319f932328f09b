package dev.plimsoll.soak;

import java.util.Arrays;

/**
 * How much a series of samples grows from its first to its last.
 *
 * <p>Theil and Sen's estimate: the median of the slopes between all pairs of samples, which one odd
 * sample in four does not move. It tells a leak, which adds up, from a value that only swings.
 */
final class Trend {
  private Trend() {}

  /**
   * The growth over the whole series.
   *
   * @param at where each sample was taken, in any unit, rising
   * @param values the samples
   */
  static double growth(double[] at, double[] values) {
    if (at.length != values.length || at.length < 3) {
      throw new IllegalArgumentException("a trend needs three samples");
    }
    double[] slopes = new double[at.length * (at.length - 1) / 2];
    int n = 0;
    for (int i = 0; i < at.length; i++) {
      for (int j = i + 1; j < at.length; j++) {
        slopes[n++] = (values[j] - values[i]) / (at[j] - at[i]);
      }
    }
    Arrays.sort(slopes);
    double median = (slopes[(n - 1) / 2] + slopes[n / 2]) / 2;
    return median * (at[at.length - 1] - at[0]);
  }
}
