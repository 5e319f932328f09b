package dev.plimsoll.recover;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What is different about an attempt from what the client asked; it never shows in the client's
 * history.
 *
 * @param note words for the model behind the conversation; null for none
 * @param seed what is added to the client's seed, or is the seed; 0 leaves chance alone
 * @param calm whether penalties for repetition are off: they break the syntax of tool calls
 * @param thinkLess whether reasoning is turned off, or down, where the server can be told
 * @param cap tokens that may be generated; empty leaves what the client asked
 * @param fresh whether the model is unloaded first, since its server seems to hang
 */
public record Changes(
    @Nullable String note,
    int seed,
    boolean calm,
    boolean thinkLess,
    OptionalLong cap,
    boolean fresh) {
  /** As the client asked. */
  public static final Changes NONE =
      new Changes(null, 0, false, false, OptionalLong.empty(), false);

  /** With words that tell the model that the conversation goes round. */
  public static Changes againstLoop(int times) {
    return NONE.withNote(Notes.loop(times));
  }

  /** The same with words for the model. */
  public Changes withNote(String words) {
    return new Changes(words, seed, calm, thinkLess, cap, fresh);
  }

  /** The same with another seed. */
  public Changes withSeed(int other) {
    return new Changes(note, other, calm, thinkLess, cap, fresh);
  }

  /** The same without penalties for repetition. */
  public Changes calmed() {
    return new Changes(note, seed, true, thinkLess, cap, fresh);
  }

  /** The same with less reasoning. */
  public Changes thinkingLess() {
    return new Changes(note, seed, calm, true, cap, fresh);
  }

  /** The same with another cap, in tokens. */
  public Changes withCap(long tokens) {
    return new Changes(note, seed, calm, thinkLess, OptionalLong.of(tokens), fresh);
  }

  /** Whether the prompt has more in it than the conversation. */
  public boolean inThePrompt() {
    return note != null || thinkLess;
  }

  /** The same on a model that is loaded anew. */
  public Changes freshly() {
    return new Changes(note, seed, calm, thinkLess, cap, true);
  }
}
