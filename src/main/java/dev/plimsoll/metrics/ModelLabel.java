package dev.plimsoll.metrics;

/**
 * A model as metrics name it: one that the upstream lists, or {@link #OTHER}. Only {@link
 * ModelLabels} makes more of them, so no client can.
 */
public final class ModelLabel {
  /** Every model that the upstream does not list, or of which there are too many. */
  public static final ModelLabel OTHER = new ModelLabel("other");

  private final String value;

  ModelLabel(String value) {
    this.value = value;
  }

  String value() {
    return value;
  }

  @Override
  public String toString() {
    return value;
  }
}
