package dev.plimsoll.calls;

import java.util.List;

/** Reads a call that is a name, a mark, and the arguments as an object. */
final class NamedCall extends Candidate {
  /** No more characters than that may stand between name and mark: an id, or what it is for. */
  private static final int MOST_BETWEEN = 64;

  private final Grammar.Named form;
  private Part part = Part.NAME;
  private ValueEnd arguments = ValueEnd.NONE;

  private enum Part {
    NAME,
    MARK,
    ARGUMENTS
  }

  NamedCall(Grammar.Named form, GrowingText text, Toolbox tools, int at) {
    super(form.opening(), text, tools, at);
    this.form = form;
  }

  @Override
  Step next() {
    return switch (part) {
      case NAME -> name();
      case MARK -> mark();
      case ARGUMENTS -> arguments();
    };
  }

  private Step name() {
    int from = text.afterBlanks(at);
    int end = from < 0 ? from : Names.end(text, tools, from);
    if (end < 0) {
      return undone(end);
    }
    name = text.substring(from, end);
    at = end;
    part = Part.MARK;
    return Step.ON;
  }

  private Step mark() {
    int follows = text.which(at, form.mark(), "{");
    if (follows == 0 || (follows == 1 && form.bare())) {
      return argumentsFrom(at + (follows == 0 ? form.mark().length() : 0));
    }
    if (follows == GrowingText.MORE || at >= text.length()) {
      return undone(text.more());
    }
    if (form.between().indexOf(text.charAt(at)) < 0) {
      return Step.NOT;
    }
    int mark = text.find(form.mark(), at);
    if (mark >= 0 && mark - at <= MOST_BETWEEN) {
      return argumentsFrom(mark + form.mark().length());
    }
    return text.length() - at > MOST_BETWEEN + form.mark().length()
        ? Step.NOT
        : undone(text.more());
  }

  private Step argumentsFrom(int from) {
    at = from;
    decided = true;
    part = Part.ARGUMENTS;
    return Step.ON;
  }

  private Step arguments() {
    if (arguments == ValueEnd.NONE) {
      int from = text.afterBlanks(at);
      if (from < 0) {
        return undone(from);
      }
      if (text.charAt(from) != '{') {
        return Step.NOT;
      }
      arguments = new ValueEnd(from);
    }
    int end = arguments.find(text);
    if (end < 0) {
      return undone(end);
    }
    at = end;
    return Step.WHOLE;
  }

  @Override
  List<WrittenCall> calls() {
    String called = name;
    return called == null
        ? List.of()
        : List.of(new WrittenCall(called, text.substring(arguments.start(), at)));
  }
}
