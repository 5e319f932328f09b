package dev.plimsoll.tokens;

import dev.plimsoll.tokens.Vocabulary.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Byte pair encoding: the merge that was learnt first comes first (llama.cpp,
 * llm_tokenizer_bpe_session).
 */
final class BytePairTokenizer extends PieceTokenizer {
  /** By which some vocabularies write spaces. */
  static final char SPACE_MARK = '\u2581';

  private final TokenTexts texts;
  private final int tokens;
  private final Splitter splitter;
  private final PairTable pairs;
  private final boolean wholeFirst;
  private final boolean newlinesWhole;

  /** The symbol of each byte, and null where symbols are characters. */
  private final int @Nullable [] byteSymbols;

  private final @Nullable CharPairs neighbours;
  private final int[] byteTokens;

  BytePairTokenizer(Vocabulary vocabulary, Splitter splitter) {
    super(new SpecialTokens(vocabulary.specials()));
    this.texts = vocabulary.texts();
    this.tokens = vocabulary.size();
    this.splitter = splitter;
    this.pairs = pairs(vocabulary.merges());
    this.wholeFirst = Splitters.wholeFirst(vocabulary.traits().pre());
    this.newlinesWhole = vocabulary.traits().pre().equals("gemma4");
    boolean bytes = vocabulary.traits().kind() == Kind.BYTE_PAIRS;
    this.byteSymbols = bytes ? byteSymbols() : null;
    this.neighbours = bytes ? null : new CharPairs(texts);
    this.byteTokens = bytes ? byteSymbols() : hexTokens(texts);
  }

  private static PairTable pairs(int[] merges) {
    PairTable pairs = new PairTable(merges.length / 3);
    for (int i = 0; i < merges.length; i += 3) {
      pairs.add(merges[i], merges[i + 1], i / 3, merges[i + 2]);
    }
    return pairs;
  }

  private int[] byteSymbols() {
    int[] found = new int[0x100];
    for (int b = 0; b < found.length; b++) {
      found[b] = texts.find(new byte[] {(byte) b});
    }
    return found;
  }

  /** The tokens {@code <0x00>} to {@code <0xFF>}, for bytes that nothing else stands for. */
  static int[] hexTokens(TokenTexts texts) {
    int[] found = new int[0x100];
    for (int b = 0; b < found.length; b++) {
      String text = String.format("<0x%02X>", b);
      found[b] = texts.find(text.getBytes(StandardCharsets.US_ASCII));
    }
    return found;
  }

  @Override
  void split(String text, boolean opens, Splitter.Pieces pieces) {
    if (neighbours == null) {
      splitter.split(text, 0, text.length(), pieces);
      return;
    }
    String marked = text.replace(' ', SPACE_MARK);
    splitter.split(
        marked,
        0,
        marked.length(),
        (line, from, to) -> {
          if (newlinesWhole && line.charAt(from) == '\n') {
            pieces.piece(line, from, to);
          } else {
            neighbours.split(line, from, to, pieces);
          }
        });
  }

  @Override
  int merge(byte[] piece, int length, @Nullable IntList ids) {
    if (wholeFirst || (newlinesWhole && piece[0] == '\n')) {
      int whole = texts.find(piece, 0, length);
      if (isToken(whole)) {
        if (ids != null) {
          ids.add(whole);
        }
        return 1;
      }
    }
    return emit(merged(piece, length), piece, ids);
  }

  /** A piece after its last merge. */
  Symbols merged(byte[] piece, int length) {
    Symbols symbols = symbols(piece, length);
    symbols.merge((all, left, right) -> pairs.get(all.id(left), all.id(right)));
    return symbols;
  }

  private boolean isToken(int symbol) {
    return symbol >= 0 && symbol < tokens;
  }

  /** A piece before its first merge. */
  private Symbols symbols(byte[] piece, int length) {
    int[] symbols = new int[length];
    int[] starts = new int[length + 1];
    int count = 0;
    for (int at = 0; at < length; count++) {
      int width = byteSymbols == null ? Math.min(TextBytes.width(piece[at]), length - at) : 1;
      starts[count] = at;
      symbols[count] =
          byteSymbols == null ? texts.find(piece, at, at + width) : byteSymbols[piece[at] & 0xFF];
      at += width;
    }
    starts[count] = length;
    return new Symbols(symbols, starts, count);
  }

  /** A symbol that is no token becomes a token for each of its bytes. */
  private int emit(Symbols symbols, byte[] piece, @Nullable IntList ids) {
    int count = 0;
    for (int i = 0; i != Symbols.NONE; i = symbols.next(i)) {
      if (isToken(symbols.id(i))) {
        count++;
        if (ids != null) {
          ids.add(symbols.id(i));
        }
        continue;
      }
      for (byte b : Arrays.copyOfRange(piece, symbols.start(i), symbols.end(i))) {
        if (isToken(byteTokens[b & 0xFF])) {
          count++;
          if (ids != null) {
            ids.add(byteTokens[b & 0xFF]);
          }
        }
      }
    }
    return count;
  }
}
