package dev.plimsoll.calls;

import java.util.List;

/**
 * A form in which models write tool calls into plain text; the table of all forms is {@link
 * Grammars}.
 *
 * <p>A form begins with its opening literals, white space between them. One without any begins with
 * the name of a declared tool, or stands at the very start of an answer.
 */
sealed interface Grammar {
  /** The literals that it begins with. */
  List<String> opening();

  /** Whether it counts only as the first thing of an answer: elsewhere it may be an example. */
  boolean onlyAtStart();

  /** A reader of a call in this form that begins at an offset. */
  Candidate begin(GrowingText text, Toolbox tools, int at);

  /** Whether its first literal, or a tool's name where it has none, may stand at an offset. */
  default boolean mayBegin(GrowingText text, Toolbox tools, int at) {
    return opening().isEmpty()
        ? Names.mayStand(text, tools, at)
        : text.matches(at, opening().getFirst());
  }

  /**
   * Name, then arguments as pairs of tags.
   *
   * @param nameEnd what follows the name at once; empty when anything but a name's character may
   * @param hasName whether it names its tool; one that has lost its beginning does not, and is told
   *     from an example only at the start of an answer
   * @param lines whether a value stands on lines of its own, whose two line feeds are none of it
   */
  record Tags(
      List<String> opening,
      boolean hasName,
      String nameEnd,
      String key,
      String keyEnd,
      String value,
      String valueEnd,
      String closing,
      boolean lines)
      implements Grammar {
    @Override
    public boolean onlyAtStart() {
      return !hasName;
    }

    @Override
    public boolean mayBegin(GrowingText text, Toolbox tools, int at) {
      return hasName ? Grammar.super.mayBegin(text, tools, at) : text.matches(at, key);
    }

    @Override
    public Candidate begin(GrowingText text, Toolbox tools, int at) {
      return new TagCall(this, text, tools, at);
    }
  }

  /**
   * An object with the name and the arguments, or where {@code arrays} says so a list of such.
   *
   * @param closing what ends it; may be missing where the answer ends
   */
  record Json(List<String> opening, boolean fence, boolean arrays, String closing)
      implements Grammar {
    @Override
    public boolean onlyAtStart() {
      return opening.isEmpty() || fence;
    }

    @Override
    public boolean mayBegin(GrowingText text, Toolbox tools, int at) {
      return opening.isEmpty()
          ? text.charAt(at) == '{' || text.charAt(at) == '['
          : Grammar.super.mayBegin(text, tools, at);
    }

    @Override
    public Candidate begin(GrowingText text, Toolbox tools, int at) {
      return new JsonCalls(this, text, tools, at);
    }
  }

  /**
   * The name, a mark, the arguments as an object.
   *
   * @param mark what stands before the arguments
   * @param between how characters between name and mark begin, and no others may
   * @param bare whether the arguments may follow the name without the mark
   */
  record Named(List<String> opening, String mark, String between, boolean bare) implements Grammar {
    @Override
    public boolean onlyAtStart() {
      return false;
    }

    @Override
    public Candidate begin(GrowingText text, Toolbox tools, int at) {
      return new NamedCall(this, text, tools, at);
    }
  }
}
