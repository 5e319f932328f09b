package dev.plimsoll.tokens;

import org.jspecify.annotations.Nullable;

/**
 * SentencePiece's merging: the neighbours whose token has the best score come first (llama.cpp,
 * llm_tokenizer_spm_session).
 */
final class SentencePieceTokenizer extends PieceTokenizer {
  private final TokenTexts texts;
  private final float[] scores;
  private final boolean addsSpace;
  private final CharPairs neighbours;
  private final int[] hexTokens;

  SentencePieceTokenizer(Vocabulary vocabulary) {
    super(new SpecialTokens(vocabulary.specials()));
    this.texts = vocabulary.texts();
    this.scores = vocabulary.scores();
    this.addsSpace = vocabulary.traits().addsSpace();
    this.neighbours = new CharPairs(texts);
    this.hexTokens = BytePairTokenizer.hexTokens(texts);
  }

  @Override
  void split(String text, boolean opens, Splitter.Pieces pieces) {
    String spaced = addsSpace && opens ? " " + text : text;
    String marked = spaced.replace(' ', BytePairTokenizer.SPACE_MARK);
    neighbours.split(marked, 0, marked.length(), pieces);
  }

  @Override
  int merge(byte[] piece, int length, @Nullable IntList ids) {
    int[] symbols = new int[length];
    int[] starts = new int[length + 1];
    int count = 0;
    for (int at = 0; at < length; count++) {
      int end = Math.min(length, at + TextBytes.width(piece[at]));
      starts[count] = at;
      symbols[count] = texts.find(piece, at, end);
      at = end;
    }
    starts[count] = length;
    Symbols all = new Symbols(symbols, starts, count);
    all.merge((some, left, right) -> best(piece, some.start(left), some.end(right)));
    return emit(all, piece, ids);
  }

  private long best(byte[] piece, int from, int to) {
    int token = texts.find(piece, from, to);
    if (token == TokenTexts.NONE) {
      return Symbols.Pairs.NONE;
    }
    int bits = Float.floatToIntBits(scores[token]);
    int ascending = bits ^ ((bits >> 31) & 0x7FFFFFFF); // ordered as the scores are
    return ((long) ~ascending << 32) | token;
  }

  private int emit(Symbols symbols, byte[] piece, @Nullable IntList ids) {
    int count = 0;
    for (int i = 0; i != Symbols.NONE; i = symbols.next(i)) {
      if (symbols.id(i) != Symbols.NONE) {
        count++;
        if (ids != null) {
          ids.add(symbols.id(i));
        }
        continue;
      }
      for (int at = symbols.start(i); at < symbols.end(i); at++) {
        count++;
        if (ids != null) {
          ids.add(hexTokens[piece[at] & 0xFF]);
        }
      }
    }
    return count;
  }
}
