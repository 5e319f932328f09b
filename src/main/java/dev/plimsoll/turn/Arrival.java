package dev.plimsoll.turn;

import dev.plimsoll.upstream.Loop;
import io.vertx.core.MultiMap;
import java.time.Instant;

/**
 * A request as it arrived, its body whole.
 *
 * @param id the request id, as in {@code x-request-id}
 * @param endpoint which API it asks
 * @param headers the client's headers
 * @param body the client's bytes; not copied
 * @param loop the event loop that owns the client's socket
 * @param startedAt when its head was read, by the wall clock
 * @param startNanos the same by the monotonic clock
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record Arrival(
    String id,
    Endpoint endpoint,
    MultiMap headers,
    byte[] body,
    Loop loop,
    Instant startedAt,
    long startNanos) {
  /** Whether the client wants its request passed on without any help. */
  boolean bypass() {
    return "true".equalsIgnoreCase(headers.get("x-plimsoll-bypass"));
  }
}
