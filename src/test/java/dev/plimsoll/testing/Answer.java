package dev.plimsoll.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model says, free of any wire format.
 *
 * <p>Pieces come in the order reasoning, text, calls; each is a line or an event of its own when
 * the answer is streamed.
 *
 * @param repeats how often the last text piece comes again, for answers too long to write down
 * @param doneLine what the native API puts into its last line
 */
public record Answer(
    List<String> reasoning,
    List<String> text,
    long repeats,
    List<ScriptedCall> calls,
    Finish finish,
    int promptTokens,
    int completionTokens,
    DoneLine doneLine,
    Pacing pacing,
    Framing framing)
    implements Reply {

  /** Why generation ended. */
  public enum Finish {
    STOP("stop"),
    LENGTH("length");

    private final String text;

    Finish(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /** What the last line of a native stream carries beside the counts. */
  public enum DoneLine {
    BARE,
    /** All calls, as models without a builtin parser do. */
    CALLS,
    /** The last text piece, as a parser does that held it back. */
    LAST_TEXT
  }

  public Answer {
    reasoning = List.copyOf(reasoning);
    text = List.copyOf(text);
    calls = List.copyOf(calls);
    if (repeats > 0 && text.isEmpty()) {
      throw new IllegalArgumentException("nothing to repeat");
    }
  }

  /** An answer of these text pieces; counts are made up, one token a piece. */
  public static Answer text(String... pieces) {
    List<String> text = List.of(pieces);
    return new Answer(
        List.of(),
        text,
        0,
        List.of(),
        Finish.STOP,
        10,
        Math.max(1, text.size()),
        DoneLine.BARE,
        Pacing.NONE,
        Framing.NATURAL);
  }

  /** An answer that says nothing yet. */
  public static Answer empty() {
    return text(new String[0]);
  }

  public Answer reasoning(String... pieces) {
    return new Answer(
        List.of(pieces),
        text,
        repeats,
        calls,
        finish,
        promptTokens,
        completionTokens,
        doneLine,
        pacing,
        framing);
  }

  /** One more call. */
  public Answer call(String id, String name, String arguments) {
    List<ScriptedCall> more = new ArrayList<>(calls);
    more.add(new ScriptedCall(id, name, arguments));
    return new Answer(
        reasoning,
        text,
        repeats,
        more,
        finish,
        promptTokens,
        completionTokens,
        doneLine,
        pacing,
        framing);
  }

  /** The last text piece comes that many times more. */
  public Answer repeat(long times) {
    return new Answer(
        reasoning,
        text,
        times,
        calls,
        finish,
        promptTokens,
        completionTokens,
        doneLine,
        pacing,
        framing);
  }

  /** The last text piece comes until somebody hangs up. */
  public Answer endless() {
    return repeat(Long.MAX_VALUE);
  }

  /** Cut by a limit of tokens. */
  public Answer length() {
    return finish(Finish.LENGTH);
  }

  public Answer finish(Finish value) {
    return new Answer(
        reasoning,
        text,
        repeats,
        calls,
        value,
        promptTokens,
        completionTokens,
        doneLine,
        pacing,
        framing);
  }

  public Answer tokens(int prompt, int completion) {
    return new Answer(
        reasoning, text, repeats, calls, finish, prompt, completion, doneLine, pacing, framing);
  }

  public Answer doneLine(DoneLine value) {
    return new Answer(
        reasoning,
        text,
        repeats,
        calls,
        finish,
        promptTokens,
        completionTokens,
        value,
        pacing,
        framing);
  }

  public Answer pacing(Pacing value) {
    return new Answer(
        reasoning,
        text,
        repeats,
        calls,
        finish,
        promptTokens,
        completionTokens,
        doneLine,
        value,
        framing);
  }

  public Answer beforeHeaders(Duration wait) {
    return pacing(new Pacing(wait, pacing.beforeFirst(), pacing.between()));
  }

  public Answer beforeFirst(Duration wait) {
    return pacing(new Pacing(pacing.beforeHeaders(), wait, pacing.between()));
  }

  /** The same with other pieces of text. */
  public Answer withText(List<String> pieces) {
    return new Answer(
        reasoning,
        pieces,
        repeats,
        calls,
        finish,
        promptTokens,
        completionTokens,
        doneLine,
        pacing,
        framing);
  }

  public Answer between(Duration wait) {
    return pacing(new Pacing(pacing.beforeHeaders(), pacing.beforeFirst(), wait));
  }

  public Answer framing(Framing value) {
    return new Answer(
        reasoning,
        text,
        repeats,
        calls,
        finish,
        promptTokens,
        completionTokens,
        doneLine,
        pacing,
        value);
  }

  Answer withLastTextTwice() {
    List<String> more = new ArrayList<>(text);
    more.add(text.getLast());
    return withText(more);
  }

  /** Whether a stream of it has no pieces. */
  boolean silent() {
    return reasoning.isEmpty() && text.isEmpty() && calls.isEmpty();
  }

  /** This answer, but something goes wrong. */
  public Reply with(Fault... faults) {
    return new Reply.Faulty(this, List.of(faults));
  }
}
