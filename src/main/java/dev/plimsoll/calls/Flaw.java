package dev.plimsoll.calls;

/**
 * What is wrong with one call.
 *
 * @param defect the kind of it
 * @param detail more about it in words that name tools and arguments, for the model only; may be
 *     empty
 */
public record Flaw(Defect defect, String detail) {
  /** A flaw of which there is no more to say. */
  public static Flaw of(Defect defect) {
    return new Flaw(defect, "");
  }
}
