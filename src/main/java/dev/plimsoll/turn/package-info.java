/**
 * One request from its arrival to its accounted end; {@link Turn} is the request path.
 *
 * <p>Threads. A turn is straight-line code on a virtual thread of its own, and waits only at the
 * grain of an attempt: for its model, for its place in the queue, for an attempt's outcome. The
 * event loop that owns the client's socket owns the upstream's, too: it moves the chunks ({@link
 * Attempt}, {@link Downstream}), joins all events of one socket read into one write, and completes
 * the outcome. When the client leaves, the upstream request is reset on the loop at once, and then
 * the turn's thread is interrupted, whatever it waits for.
 *
 * <p>Uses all lower layers.
 */
@NullMarked
package dev.plimsoll.turn;

import org.jspecify.annotations.NullMarked;
