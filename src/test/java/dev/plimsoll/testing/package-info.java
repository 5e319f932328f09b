/**
 * Stand-ins for the world around the proxy: a model server whose behaviour is data, a client that
 * controls every byte, and readers that share no code with the program under test.
 *
 * <p>{@link dev.plimsoll.testing.FakeOllama} is a real loopback server. A test says what it answers
 * ({@link dev.plimsoll.testing.Answer}), what goes wrong ({@link dev.plimsoll.testing.Fault}) and
 * how the bytes are cut ({@link dev.plimsoll.testing.Framing}); afterwards it asks what the server
 * saw ({@link dev.plimsoll.testing.Exchange}). The way from one to the other: a {@code Form} writes
 * the answer in the words of a dialect, {@code Script} is that answer with its faults as a list of
 * steps, a {@code Player} plays the steps on the socket.
 *
 * <p>Uses the JDK and Jackson only, nothing of the program: a mistake in the program's own parsers
 * must not be repeated here.
 */
@NullMarked
package dev.plimsoll.testing;

import org.jspecify.annotations.NullMarked;
