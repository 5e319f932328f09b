package dev.plimsoll.metrics;

import java.util.Locale;

/** Why a request was turned away before a model was asked; the closed set of a metric's label. */
public enum RejectReason {
  BAD_FRAMING,
  HEADERS,
  HOST,
  ORIGIN,
  PATH,
  METHOD,
  MANAGEMENT,
  CONTENT_TYPE,
  TOO_LARGE,
  JSON,
  INVALID,
  AUTH,
  TIMEOUT,
  CONNECTIONS,
  QUEUE,
  SHUTDOWN;

  /** The value of the label. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
