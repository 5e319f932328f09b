package dev.plimsoll.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plimsoll.testing.Chance;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is written is JSON and reads back as what it was. */
class JsonOutTest {
  private static final ObjectMapper JACKSON = new ObjectMapper();

  @Test
  void everyCharacterComesBack() throws Exception {
    for (int c = 0; c < 0x10000; c += c < 0x900 || c >= 0xD700 ? 1 : 97) {
      String text = "a" + (char) c + "b";

      assertThat(roundTrip(text)).as("U+%04X", c).isEqualTo(text);
    }
  }

  @Test
  void charactersBeyondTheFirstPlaneAreFourBytes() throws Exception {
    byte[] bytes = new JsonOut(0).string("😀").toBytes();

    assertThat(bytes).isEqualTo("\"😀\"".getBytes(UTF_8));
    assertThat(roundTrip("😀\uDBFF\uDFFF")).isEqualTo("😀\uDBFF\uDFFF");
  }

  @Test
  void surrogatesWithoutPartnerAreEscaped() {
    assertThat(written("\uD83D")).isEqualTo("\"\\ud83d\"");
    assertThat(written("\uDE00x")).isEqualTo("\"\\ude00x\"");
    assertThat(written("\uD83D\uD83D\uDE00")).isEqualTo("\"\\ud83d😀\"");
    assertThat(written("\uDE00\uD83D")).isEqualTo("\"\\ude00\\ud83d\"");
  }

  @Test
  void shortEscapesAreUsed() {
    assertThat(written("\"\\\n\r\t\b/")).isEqualTo("\"\\\"\\\\\\n\\r\\t\\u0008/\"");
  }

  @Test
  void generatedTextComesBackWhateverTheRoom() {
    Chance.cases(
        7,
        3_000,
        random -> {
          String text = text(random);
          JsonOut out = new JsonOut(random.nextInt(40));
          out.ascii('[').string(text).ascii(",").number(random.nextLong()).ascii(']');

          assertThat(JACKSON.readTree(out.toBytes()).get(0).textValue()).isEqualTo(text);
          assertThat(JsonString.of(text).text()).isEqualTo(text);
        });
  }

  private static String text(SplittableRandom random) {
    int length = random.nextInt(60);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      switch (random.nextInt(5)) {
        case 0 -> text.append((char) random.nextInt(0x20));
        case 1 -> text.append((char) random.nextInt(0x10000));
        case 2 -> text.appendCodePoint(0x10000 + random.nextInt(0x100000));
        case 3 -> text.append((char) (0xD800 + random.nextInt(0x800)));
        default -> text.append((char) (0x20 + random.nextInt(0x60)));
      }
    }
    return text.toString();
  }

  @Test
  void piecesAreCopiedAsTheyAre() {
    byte[] source = "{\"a\": 1.50}".getBytes(UTF_8);

    JsonOut out = new JsonOut(1);
    out.raw(source, new Span(6, 10)).ascii(' ').raw(source, 0, 1).raw(source);

    assertThat(new String(out.toBytes(), UTF_8)).isEqualTo("1.50 {{\"a\": 1.50}");
    assertThat(out.length()).isEqualTo(17);
  }

  @Test
  void numbersAreWhole() {
    assertThat(new String(new JsonOut(0).number(Long.MIN_VALUE).toBytes(), UTF_8))
        .isEqualTo("-9223372036854775808");
  }

  @Test
  void clearedOutputStartsAfresh() {
    JsonOut out = new JsonOut(16).ascii("something longer than the room");
    out.clear();

    out.ascii("new");

    assertThat(out.length()).isEqualTo(3);
    assertThat(new String(out.toBytes(), UTF_8)).isEqualTo("new");
    assertThat(new String(out.array(), 0, 3, UTF_8)).isEqualTo("new");
  }

  private static String written(String text) {
    return new String(new JsonOut(0).string(text).toBytes(), UTF_8);
  }

  private static String roundTrip(String text) throws Exception {
    return JACKSON.readTree(new JsonOut(0).string(text).toBytes()).textValue();
  }
}
