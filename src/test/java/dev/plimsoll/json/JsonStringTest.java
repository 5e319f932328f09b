package dev.plimsoll.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A string is copied as it stands and decoded on demand. */
class JsonStringTest {
  private static final byte[] DOCUMENT =
      "{\"plain\":\"é漢😀\",\"escaped\":\"\\u00e9\\n\\ud83d\\ude00\\/\",\"empty\":\"\"}"
          .getBytes(UTF_8);

  @Test
  void textIsDecoded() throws Exception {
    assertThat(string("plain").text()).isEqualTo("é漢😀");
    assertThat(string("escaped").text()).isEqualTo("é\n😀/");
    assertThat(string("empty").text()).isEmpty();
  }

  @Test
  void copyKeepsTheEscapes() throws Exception {
    JsonOut whole = new JsonOut(0);
    JsonOut inside = new JsonOut(0);

    string("escaped").writeTo(whole);
    string("escaped").writeInside(inside);

    assertThat(new String(whole.toBytes(), UTF_8)).isEqualTo("\"\\u00e9\\n\\ud83d\\ude00\\/\"");
    assertThat(new String(inside.toBytes(), UTF_8)).isEqualTo("\\u00e9\\n\\ud83d\\ude00\\/");
  }

  @Test
  void onlyNothingIsEmpty() throws Exception {
    assertThat(string("empty").isEmpty()).isTrue();
    assertThat(string("plain").isEmpty()).isFalse();
    assertThat(JsonString.of("").isEmpty()).isTrue();
  }

  @Test
  void sliceOutlivesItsArray() {
    byte[] bytes = "abcd".getBytes(UTF_8);
    Slice slice = Slice.at(bytes, new Span(1, 3));
    Slice copy = slice.copy();
    assertThat(copy.sameBytes(slice)).isTrue();

    bytes[1] = 'x';

    assertThat(copy.sameBytes(slice)).isFalse();
    assertThat(copy.length()).isEqualTo(2);
    JsonOut out = new JsonOut(0);
    copy.writeTo(out);
    assertThat(new String(out.toBytes(), UTF_8)).isEqualTo("bc");
  }

  private static JsonString string(String name) throws JsonFault {
    return requireNonNull(JsonMembers.string(DOCUMENT, new Span(0, DOCUMENT.length), name));
  }

  @Test
  void theOpeningNeverCutsACharacterOrAnEscape() {
    String text = "a\u00e9\n\ud83d\ude00\u4e2d\"\u0001z".repeat(50);
    JsonString whole = JsonString.of(text);

    for (int most = 0; most < text.length() * 4; most++) {
      String opening = whole.opening(most);

      assertThat(text).startsWith(opening);
      assertThat(JsonString.of(opening).end() - 2).isLessThanOrEqualTo(Math.max(most, 0));
    }
    assertThat(whole.opening(100_000)).isEqualTo(text);
  }
}
