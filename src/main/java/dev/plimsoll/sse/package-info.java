/**
 * Framing of streams: bytes in any split become lines, lines become server-sent events.
 *
 * <p>Pure: no I/O, no clock. Uses no other package of Plimsoll.
 */
@NullMarked
package dev.plimsoll.sse;

import org.jspecify.annotations.NullMarked;
