package dev.plimsoll.recover;

import dev.plimsoll.stream.Sent;
import dev.plimsoll.stream.Verdict;

/**
 * How one attempt ended.
 *
 * @param verdict what its answer was
 * @param sent what the client has seen of it
 */
public record Outcome(Verdict verdict, Sent sent) {}
