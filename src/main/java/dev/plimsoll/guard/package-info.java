/**
 * The door of both ports: what is looked at before any route sees a request.
 *
 * <p>{@link dev.plimsoll.guard.Entrance} puts four steps before a server's routes: {@link
 * dev.plimsoll.guard.Connections} (how many, how long without a request), {@link
 * dev.plimsoll.guard.Wire} (how long a head may take, and that nothing is read after a refusal),
 * {@link dev.plimsoll.guard.Guard} (one look at every head) and {@link dev.plimsoll.guard.Bodies}
 * (a body whole or not at all). What they decide is in classes without Vert.x: {@link
 * dev.plimsoll.guard.HeadCheck} and the rules that it asks.
 *
 * <p>Every refusal is told by its {@link dev.plimsoll.metrics.RejectReason}, once. A refusal by the
 * guard ends its connection, and nothing that was sent behind it is served.
 *
 * <p>Uses {@code config}, {@code chat} for errors, {@code metrics} for reasons and {@code turn} for
 * sending.
 */
@NullMarked
package dev.plimsoll.guard;

import org.jspecify.annotations.NullMarked;
