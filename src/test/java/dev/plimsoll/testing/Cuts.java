package dev.plimsoll.testing;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Ways in which bytes may be cut into pieces on their way, the same ones for the same bytes. */
public final class Cuts {
  private static final int NONE_OR_FEW = 9;

  private Cuts() {}

  /** Not at all, behind every byte, and at some places; offsets in ascending order. */
  public static List<int[]> of(byte[] bytes) {
    SplittableRandom random = new SplittableRandom(Arrays.hashCode(bytes));
    return List.of(
        new int[0],
        IntStream.range(1, Math.max(1, bytes.length)).toArray(),
        some(random, bytes.length),
        some(random, bytes.length));
  }

  private static int[] some(SplittableRandom random, int length) {
    return random.ints(random.nextInt(1, NONE_OR_FEW), 0, length + 1).sorted().toArray();
  }

  /** Takes pieces; each lies in an array of its own. */
  @FunctionalInterface
  public interface PieceSink {
    /** One piece; the array is spoiled after the call, as a socket's buffer is. */
    void piece(byte[] bytes, int start, int end);
  }

  /** Gives the bytes piece by piece. */
  public static void feed(byte[] bytes, int[] cuts, PieceSink sink) {
    int from = 0;
    for (int i = 0; i <= cuts.length; i++) {
      int to = i < cuts.length ? cuts[i] : bytes.length;
      byte[] piece = new byte[to - from + 2];
      System.arraycopy(bytes, from, piece, 1, to - from);
      sink.piece(piece, 1, piece.length - 1);
      Arrays.fill(piece, (byte) '#');
      from = to;
    }
  }
}
