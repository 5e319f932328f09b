package dev.plimsoll.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.testing.Chance;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class Utf8Test {
  /** What the JDK says. */
  private static boolean isUtf8(byte[] bytes) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  @Test
  void everyCharacterIsTaken() {
    List<Integer> refused = new ArrayList<>();
    for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
      boolean surrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
      if (!surrogate && Utf8.firstFlaw(Character.toString(point).getBytes(UTF_8)) >= 0) {
        refused.add(point);
      }
    }
    assertThat(refused).isEmpty();
  }

  @Test
  void everyPairOfBytesIsJudgedAsTheJdkDoes() {
    List<String> otherwise = new ArrayList<>();
    for (int pair = 0; pair < 0x10000; pair++) {
      byte[] bytes = {'a', (byte) (pair >> 8), (byte) pair, (byte) 0x80, (byte) 0x80};
      for (int length = 1; length <= bytes.length; length++) {
        byte[] part = Arrays.copyOf(bytes, length);
        if (Utf8.firstFlaw(part) < 0 != isUtf8(part)) {
          otherwise.add(HexFormat.of().formatHex(part));
        }
      }
    }
    assertThat(otherwise).isEmpty();
  }

  @Test
  void flawIsFoundWhereverItStands() {
    Chance.cases(
        1,
        2000,
        random -> {
          String text = "aé漢😀".repeat(random.nextInt(1, 6)) + "x".repeat(random.nextInt(20));
          byte[] good = text.getBytes(UTF_8);
          byte[] bytes = good.clone();
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);

          assertThat(Utf8.firstFlaw(bytes) < 0).isEqualTo(isUtf8(bytes));
          assertThat(Utf8.firstFlaw(good)).isEqualTo(-1);
        });
  }

  @Test
  void everyCharacterIsWrittenAsTheJdkDoes() {
    List<Integer> otherwise = new ArrayList<>();
    byte[] bytes = new byte[4];
    for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
      boolean surrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
      byte[] expected = Character.toString(point).getBytes(UTF_8);
      if (!surrogate
          && !Arrays.equals(Arrays.copyOf(bytes, Utf8.encode(point, bytes, 0)), expected)) {
        otherwise.add(point);
      }
    }
    assertThat(otherwise).isEmpty();
  }

  @Test
  void markIsTakenAway() {
    assertThat(Utf8.withoutMark("\ufeff{}".getBytes(UTF_8))).isEqualTo("{}".getBytes(UTF_8));
    assertThat(Utf8.withoutMark("\ufeff".getBytes(UTF_8))).isEmpty();
    byte[] plain = "{}".getBytes(UTF_8);
    assertThat(Utf8.withoutMark(plain)).isSameAs(plain);
  }
}
