/**
 * Framing of streams: bytes in any split become lines, lines become server-sent events, and back.
 *
 * <p>Pure: no I/O, no clock. Uses {@code json} for its output buffer only.
 */
@NullMarked
package dev.plimsoll.sse;

import org.jspecify.annotations.NullMarked;
