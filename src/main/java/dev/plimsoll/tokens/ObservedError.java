package dev.plimsoll.tokens;

/**
 * How far planned counts were off what the server counted.
 *
 * <p>Kept apart from the counts: a plan never changes by it, only the margin at sending does.
 *
 * @param samples how many answers were compared
 * @param last the last difference in proportion to the server's count; above 0: planned too few
 * @param missing the most tokens by which a plan was too low
 */
public record ObservedError(long samples, double last, long missing) {
  /** Nothing was compared yet. */
  public static final ObservedError NONE = new ObservedError(0, 0, 0);

  /**
   * The same with one answer more.
   *
   * @param planned what was counted before sending
   * @param observed what the server counted, with what its cache held
   */
  public ObservedError with(long planned, long observed) {
    if (observed <= 0) {
      return this;
    }
    double ratio = (double) (observed - planned) / observed;
    return new ObservedError(samples + 1, ratio, Math.max(missing, observed - planned));
  }
}
