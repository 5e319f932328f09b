package dev.plimsoll.calls;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what may be a call, as far as there is text, and says what it is so far.
 *
 * <p>It reads on where it stopped, so that a call of any length is read once.
 */
abstract sealed class Candidate permits TagCall, JsonCalls, NamedCall {
  /** How a step of reading went. */
  enum Step {
    /** On to the next part. */
    ON,
    /** More text is needed. */
    MORE,
    /** The call is complete. */
    WHOLE,
    /** It is no call. */
    NOT
  }

  final GrowingText text;
  final Toolbox tools;
  private final List<String> opening;
  private int opened;
  int at;
  @Nullable String name;

  /** Set by the forms once a declared tool stands where a call has its name. */
  boolean decided;

  Candidate(List<String> opening, GrowingText text, Toolbox tools, int at) {
    this.opening = opening;
    this.text = text;
    this.tools = tools;
    this.at = at;
  }

  /** Reads on. */
  final Step advance() {
    Step step = Step.ON;
    while (step == Step.ON) {
      step = opened < opening.size() ? openNext() : next();
    }
    return step;
  }

  private Step openNext() {
    int from = opened == 0 ? at : text.afterBlanks(at);
    int found = from < 0 ? from : text.which(from, opening.get(opened));
    if (found < 0) {
      return undone(found);
    }
    at = from + opening.get(opened).length();
    opened++;
    return Step.ON;
  }

  /** Reads the next part behind the opening. */
  abstract Step next();

  /** The calls, once they are complete. */
  abstract List<WrittenCall> calls();

  /** Whether all of its opening is there, and there is one. */
  final boolean begun() {
    return !opening.isEmpty() && opened == opening.size();
  }

  /** The step that a negative answer of the text stands for. */
  static Step undone(int answer) {
    return answer == GrowingText.MORE ? Step.MORE : Step.NOT;
  }
}
