package dev.plimsoll.calls;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads an answer's text as it comes, and says how much of it is certainly no tool call.
 *
 * <pre>
 *   text ──▶ may leave ──▶ an opening stands here: held ──▶ it is whole: held, only more calls or
 *                ▲               │ it can be no call              │      nothing may follow
 *                └───────────────┴────────────────────────────────┘ other text follows
 * </pre>
 *
 * A call counts only as the last thing that an answer says, and not where it is shown as code; text
 * behind it makes it an example. Ordinary prose waits for no more than an opening and a tool's
 * name. White space at the very start waits for what follows it, since a call may. Pure.
 */
public final class CallScanner {
  /** What parsers leave behind the end of a call: marks that say nothing. */
  private static final String[] LEFTOVERS = {
    "</tool_call>",
    "</tool_calls>",
    "</function>",
    "[/TOOL_CALLS]",
    "<|call|>",
    "<|end|>",
    "<|im_end|>",
    "<|eot_id|>",
    "<|observation|>",
    "</s>"
  };

  private final Toolbox tools;
  private final GrowingText text = new GrowingText();
  private final Surroundings before = new Surroundings();
  private final List<WrittenCall> calls = new ArrayList<>(0);
  private @Nullable Opening opening;
  private int next;
  private int passed;
  private long free;

  /** Looks for calls of these tools. */
  public CallScanner(Toolbox tools) {
    this.tools = tools;
  }

  /** Takes the next piece of text. */
  public void add(String piece) {
    int from = idle() ? passOver(piece) : 0;
    if (from < piece.length()) {
      text.add(piece, from);
      read();
    }
  }

  /** Whether nothing is held. */
  private boolean idle() {
    return text.length() == 0 && !before.blank();
  }

  /** Passes over text in which nothing can open, and tells where something may. */
  private int passOver(String piece) {
    int at = 0;
    while (at < piece.length() && !mayOpen(piece, at)) {
      before.pass(piece.charAt(at));
      at++;
    }
    free += at;
    return at;
  }

  private boolean mayOpen(CharSequence chars, int at) {
    char c = chars.charAt(at);
    return c == '<'
        || c == '['
        || c == '{'
        || c == '`'
        || (Names.isPart(c) && before.wordMayBegin() && tools.mayHaveNameAt(chars, at));
  }

  /** How many characters, counted from the first one of the text, may leave. */
  public long free() {
    return free;
  }

  /** How many characters are held. */
  public int held() {
    return text.length();
  }

  /**
   * Says what the held text is, now that nothing more comes.
   *
   * @param stopped whether the model ended the text by itself, and not at a limit
   */
  public Written end(boolean stopped) {
    text.end(stopped);
    Opening last = opening;
    if (last != null) {
      Candidate unfinished = last.unfinished(stopped);
      if (last.advance() == Candidate.Step.WHOLE) {
        calls.addAll(last.whole().calls());
      } else if (unfinished != null) {
        return new Written.Cut(unfinished.name);
      }
    }
    return calls.isEmpty() ? new Written.Prose() : new Written.Calls(calls);
  }

  private void read() {
    while (opening != null || seek()) {
      Opening read = opening;
      if (read == null) {
        continue;
      }
      switch (read.advance()) {
        case WHOLE -> {
          calls.addAll(read.whole().calls());
          next = read.whole().at;
          opening = null;
        }
        case NOT -> {
          opening = null;
          isProse(read.reached());
        }
        case MORE, ON -> {
          return;
        }
      }
    }
  }

  /** Finds the next opening; false when there is none yet in what has come. */
  private boolean seek() {
    while (next < text.length()) {
      int behind = calls.isEmpty() ? GrowingText.NOT : behindLeftover(next);
      if (behind == GrowingText.MORE) {
        return false;
      }
      if (behind > next) {
        next = behind;
        continue;
      }
      List<Grammar> forms = formsAt(next);
      if (!forms.isEmpty()) {
        release();
        opening = new Opening(next, forms, text, tools);
        return true;
      }
      isProse(next + 1);
    }
    release();
    return false;
  }

  /** Where white space or a mark ends that may stand behind a call. */
  private int behindLeftover(int at) {
    if (Character.isWhitespace(text.charAt(at))) {
      return at + 1;
    }
    int which = text.which(at, LEFTOVERS);
    return which < 0 ? which : at + LEFTOVERS[which].length();
  }

  /** The forms in which a call may begin at an offset. */
  private List<Grammar> formsAt(int at) {
    if (!mayOpen(text.chars(), at) || before.shownAsCode()) {
      return List.of();
    }
    List<Grammar> forms = new ArrayList<>();
    for (Grammar grammar : Grammars.ALL) {
      if ((before.blank() || !grammar.onlyAtStart()) && grammar.mayBegin(text, tools, at)) {
        forms.add(grammar);
      }
    }
    return forms;
  }

  /** What stands before an offset is text, and so are calls before it. */
  private void isProse(int upTo) {
    calls.clear();
    while (passed < upTo) {
      before.pass(text.charAt(passed++));
    }
    next = upTo;
  }

  /** Lets go what is known to be text. */
  private void release() {
    if (calls.isEmpty() && !before.blank()) {
      free += passed;
      text.forget(passed);
      next -= passed;
      passed = 0;
    }
  }
}
