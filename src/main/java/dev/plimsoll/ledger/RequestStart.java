package dev.plimsoll.ledger;

import dev.plimsoll.session.Identity;
import java.time.Instant;

/**
 * What is known of a request when it begins.
 *
 * @param id the request id, as in {@code x-request-id}
 * @param identity who asks
 * @param model as the client spells it
 * @param stream whether it wants server-sent events
 * @param startedAt when its head was read
 */
public record RequestStart(
    String id, Identity identity, String model, boolean stream, Instant startedAt) {}
