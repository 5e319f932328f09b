package dev.plimsoll.tokens;

import dev.plimsoll.tokens.Vocabulary.Kind;
import dev.plimsoll.tokens.Vocabulary.Traits;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A vocabulary as bytes, to be kept on disk: read in some milliseconds where the server's JSON
 * takes a second.
 *
 * <p>A mark with the version, the checksum of what follows, the traits, then the arrays in the
 * order of {@link Vocabulary}. Big-endian.
 */
public final class VocabularyCodec {
  /** Another form gets another number, and files of this one are then read as damaged. */
  private static final long MARK = 0x504C_564F_4341_0001L;

  private static final int HEAD = Long.BYTES + Integer.BYTES;

  private VocabularyCodec() {}

  /** Writes a vocabulary. */
  public static byte[] encode(Vocabulary vocabulary) {
    Traits traits = vocabulary.traits();
    TokenTexts texts = vocabulary.texts();
    byte[] model = traits.model().getBytes(StandardCharsets.UTF_8);
    byte[] pre = traits.pre().getBytes(StandardCharsets.UTF_8);
    byte[] kind = traits.kind().name().getBytes(StandardCharsets.US_ASCII);
    int blob = texts.size() == 0 ? 0 : texts.end(texts.size() - 1);
    int size =
        (HEAD + 7 * Integer.BYTES + model.length + pre.length + kind.length + 2)
            + (texts.size() * (Integer.BYTES + 1) + blob)
            + (vocabulary.types().length + vocabulary.scores().length * Float.BYTES)
            + (vocabulary.merges().length * Integer.BYTES);
    ByteBuffer out = ByteBuffer.allocate(size).position(HEAD);
    for (byte[] word : new byte[][] {model, pre, kind}) {
      out.putInt(word.length).put(word);
    }
    out.put(flag(traits.addsBos())).put(flag(traits.addsSpace()));
    out.putInt(texts.size());
    for (int i = 0; i < texts.size(); i++) {
      byte[] text = texts.bytes(i);
      out.putInt(text.length).put(flag(texts.find(text) == i)).put(text);
    }
    out.putInt(vocabulary.types().length).put(vocabulary.types());
    out.putInt(vocabulary.scores().length);
    for (float score : vocabulary.scores()) {
      out.putFloat(score);
    }
    out.putInt(vocabulary.merges().length);
    for (int number : vocabulary.merges()) {
      out.putInt(number);
    }
    byte[] bytes = out.array();
    ByteBuffer.wrap(bytes).putLong(MARK).putInt(checksum(bytes));
    return bytes;
  }

  private static byte flag(boolean value) {
    return (byte) (value ? 1 : 0);
  }

  private static int checksum(byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, HEAD, bytes.length - HEAD);
    return (int) sum.getValue();
  }

  /** Reads what {@link #encode} wrote; empty for anything else. */
  public static Optional<Vocabulary> decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length < HEAD || in.getLong() != MARK || in.getInt() != checksum(bytes)) {
      return Optional.empty();
    }
    try {
      return Optional.of(vocabulary(in));
    } catch (BufferUnderflowException | IllegalArgumentException | NegativeArraySizeException e) {
      return Optional.empty(); // the sum fits, so another program wrote it
    }
  }

  private static Vocabulary vocabulary(ByteBuffer in) {
    String model = word(in);
    String pre = word(in);
    Kind kind = Kind.valueOf(word(in));
    Traits traits = new Traits(model, pre, kind, in.get() != 0, in.get() != 0);
    int count = in.getInt();
    TokenTexts texts = new TokenTexts(count);
    for (int i = 0; i < count; i++) {
      int length = in.getInt();
      boolean findable = in.get() != 0;
      texts.add(bytes(in, length), findable);
    }
    byte[] types = bytes(in, in.getInt());
    float[] scores = new float[checked(in, in.getInt(), Float.BYTES)];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = in.getFloat();
    }
    int[] merges = new int[checked(in, in.getInt(), Integer.BYTES)];
    for (int i = 0; i < merges.length; i++) {
      merges[i] = in.getInt();
    }
    return new Vocabulary(traits, texts, types, scores, merges);
  }

  private static String word(ByteBuffer in) {
    return new String(bytes(in, in.getInt()), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(ByteBuffer in, int length) {
    byte[] bytes = new byte[checked(in, length, 1)];
    in.get(bytes);
    return bytes;
  }

  /** A length that is not longer than what is left. */
  private static int checked(ByteBuffer in, int length, int each) {
    if (length < 0 || (long) length * each > in.remaining()) {
      throw new BufferUnderflowException();
    }
    return length;
  }
}
