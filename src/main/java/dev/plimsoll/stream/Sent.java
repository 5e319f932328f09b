package dev.plimsoll.stream;

/**
 * What the client has already seen of an answer; its type says what may still be done about it.
 *
 * <pre>
 *               begun anew    continued
 *   Nothing        yes           no
 *   Reasoning      yes           no
 *   Kept           yes           yes
 *   Told           no            yes
 * </pre>
 */
public sealed interface Sent {
  /** Nothing that cannot be taken back: the answer may begin anew. */
  sealed interface Retractable extends Sent permits Nothing, Reasoning, Kept {}

  /** There is text to go on from. */
  sealed interface Continuable extends Sent permits Kept, Told {}

  /** No byte of the answer. */
  record Nothing() implements Retractable {}

  /** Reasoning only; the reasoning of another attempt may follow it. */
  record Reasoning() implements Retractable {}

  /** Nothing, but there is text that the client gets when the answer is whole. */
  record Kept() implements Retractable, Continuable {}

  /** Text, which can never be taken back. */
  record Told() implements Continuable {}
}
