package dev.plimsoll.tokens;

import org.jspecify.annotations.Nullable;

/**
 * What all tokenisers do alike: special tokens first, then pieces, each on its own.
 *
 * <p>The counts of short pieces are remembered; see {@link PieceCache}.
 */
abstract class PieceTokenizer implements Tokenizer {
  private final SpecialTokens specials;
  private final PieceCache cache = new PieceCache();

  PieceTokenizer(SpecialTokens specials) {
    this.specials = specials;
  }

  /**
   * Cuts a text without special tokens into pieces.
   *
   * @param opens whether it begins the prompt or follows a special token
   */
  abstract void split(String text, boolean opens, Splitter.Pieces pieces);

  /**
   * Merges a piece.
   *
   * @param ids gets the tokens unless they are only counted
   * @return how many tokens it is
   */
  abstract int merge(byte[] piece, int length, @Nullable IntList ids);

  @Override
  public final int count(String text) {
    Run run = new Run(text, null);
    specials.cut(text, run);
    return run.count;
  }

  @Override
  public final int[] encode(String text) {
    IntList ids = new IntList();
    specials.cut(text, new Run(text, ids));
    return ids.toArray();
  }

  /** One text on its way. */
  private final class Run implements SpecialTokens.Parts, Splitter.Pieces {
    private final String whole;
    private final @Nullable IntList ids;
    private final TextBytes utf8 = new TextBytes(64);
    private int count;
    private boolean opens = true;

    Run(String whole, @Nullable IntList ids) {
      this.whole = whole;
      this.ids = ids;
    }

    @Override
    public void special(int id) {
      count++;
      opens = true;
      if (ids != null) {
        ids.add(id);
      }
    }

    @Override
    public void text(int from, int to) {
      split(whole.substring(from, to), opens, this);
      opens = false;
    }

    @Override
    public void piece(String text, int from, int to) {
      utf8.set(text, from, to);
      byte[] bytes = utf8.array();
      int length = utf8.length();
      count +=
          ids == null && length <= PieceCache.MOST
              ? remembered(bytes, length)
              : merge(bytes, length, ids);
    }
  }

  private int remembered(byte[] bytes, int length) {
    long high = PieceCache.high(bytes, length);
    long low = PieceCache.low(bytes, length);
    int known = cache.get(high, low);
    if (known >= 0) {
      return known;
    }
    int counted = merge(bytes, length, null);
    cache.put(high, low, counted);
    return counted;
  }
}
