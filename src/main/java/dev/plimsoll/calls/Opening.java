package dev.plimsoll.calls;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A place in the text where a call may begin, read in all the forms that it may be in. */
final class Opening {
  private final int start;
  private List<Candidate> left;
  private int reached;
  private @Nullable Candidate whole;

  Opening(int start, List<Grammar> forms, GrowingText text, Toolbox tools) {
    this.start = start;
    this.left = forms.stream().map(form -> form.begin(text, tools, start)).toList();
    this.reached = start + 1;
  }

  /** Reads on; {@link Candidate.Step#NOT} when it can be no call in any form. */
  Candidate.Step advance() {
    List<Candidate> undecided = new ArrayList<>(left.size());
    for (Candidate candidate : left) {
      switch (candidate.advance()) {
        case WHOLE -> {
          whole = candidate;
          return Candidate.Step.WHOLE;
        }
        case MORE, ON -> undecided.add(candidate);
        case NOT -> reached = Math.max(reached, candidate.decided ? candidate.at : start + 1);
      }
    }
    left = undecided;
    return left.isEmpty() ? Candidate.Step.NOT : Candidate.Step.MORE;
  }

  /**
   * How far the text is certainly no call, when it is none: past the place where a call that had
   * been recognised went wrong, else just past its first character, since another may begin in it.
   */
  int reached() {
    return reached;
  }

  /** The form that is complete. */
  Candidate whole() {
    Candidate found = whole;
    if (found == null) {
      throw new IllegalStateException("nothing is whole here");
    }
    return found;
  }

  /** A call that was recognised but never became whole; null when there was none. */
  @Nullable Candidate unfinished(boolean stopped) {
    for (Candidate candidate : left) {
      if (candidate.decided || (candidate.begun() && !stopped)) {
        return candidate;
      }
    }
    return null;
  }
}
