package dev.plimsoll.metrics;

/** The two forms in which metrics are written. */
public enum Exposition {
  /** Prometheus' own. */
  TEXT("text/plain; version=0.0.4; charset=utf-8"),
  OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

  private final String contentType;

  Exposition(String contentType) {
    this.contentType = contentType;
  }

  /** The content type that says so. */
  public String contentType() {
    return contentType;
  }
}
