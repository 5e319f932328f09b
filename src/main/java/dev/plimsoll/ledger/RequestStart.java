package dev.plimsoll.ledger;

import dev.plimsoll.session.Identity;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What is known of a request when it begins.
 *
 * @param id the request id, as in {@code x-request-id}
 * @param identity who asks
 * @param model as the client spells it, cut after {@value #MAX_MODEL} characters
 * @param stream whether it wants server-sent events
 * @param startedAt when its head was read, to the millisecond
 */
public record RequestStart(
    String id, Identity identity, String model, boolean stream, Instant startedAt) {
  private static final int MAX_MODEL = 256;

  /** Cuts a name that no model has, so that a row has a limit. */
  public RequestStart {
    model = bounded(model);
    startedAt = startedAt.truncatedTo(ChronoUnit.MILLIS);
  }

  static String bounded(String model) {
    return model.length() <= MAX_MODEL ? model : model.substring(0, MAX_MODEL);
  }
}
