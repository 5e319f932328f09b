package dev.plimsoll.compact;

import dev.plimsoll.tokens.MessageText;
import java.util.function.ToIntFunction;

/**
 * What is sent of a message, told by one number: its share.
 *
 * <p>{@link #WHOLE}: it is sent as it came. {@link #TIDY}: a tool's result without terminal codes.
 * Less: so much of its long texts, tidied before. {@link #BARE}: of an assistant's message only the
 * names of its calls. The number is found once, by counting; to make the text of it again nothing
 * has to be counted.
 */
final class Shown {
  static final float WHOLE = 2;
  static final float TIDY = 1;
  static final float BARE = 0;

  /** The search for the right share ends here; a text has no fixed number of tokens a letter. */
  private static final int PASSES = 6;

  private static final float AIM = 0.92f;

  /** A pass that leaves this share of what was there frees nothing worth a further one. */
  private static final float LITTLE = 0.97f;

  private Shown() {}

  /** The message at a share. */
  static MessageText of(MessageText message, float share) {
    if (share == WHOLE) {
      return message;
    }
    if (share == BARE) {
      return Middle.bare(message);
    }
    MessageText tidy = Tidy.of(message);
    return share == TIDY ? tidy : Middle.of(tidy, share);
  }

  /**
   * The largest share that comes to at most so many tokens, as far as that can be had.
   *
   * @param whole what the message costs when it is sent as it came, or less if that is not known
   * @param cost what a message costs
   */
  static float share(MessageText message, int whole, int tokens, ToIntFunction<MessageText> cost) {
    MessageText tidy = Tidy.of(message);
    boolean clean = tidy.equals(message);
    int now = clean ? whole : cost.applyAsInt(tidy);
    if (now <= tokens) {
      return clean ? WHOLE : TIDY;
    }
    float share = AIM * tokens / now;
    for (int i = 0; i < PASSES; i++) {
      int before = now;
      now = cost.applyAsInt(Middle.of(tidy, share));
      if (now <= tokens || now > LITTLE * before) {
        return share; // low enough, or down to what has to stay
      }
      share *= AIM * tokens / now;
    }
    return share;
  }
}
