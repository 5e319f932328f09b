package dev.plimsoll.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plimsoll.testing.Chance;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where values stand, whatever they are and whatever stands around them. */
class JsonCursorTest {
  private static final ObjectMapper JACKSON = new ObjectMapper();

  private static final List<String> VALUES =
      List.of(
          "\"\"",
          "\"plain\"",
          "\"quote \\\" backslash \\\\ slash \\/ \\b\\f\\n\\r\\t\"",
          "\"\\u00e9\\uD83D\\uDE00 \\ud83d\"",
          "\"é漢字😀\"",
          "\"}],: \"",
          "0",
          "-0",
          "7",
          "-12",
          "1.5",
          "-0.25e-3",
          "1E+2",
          "1e400",
          "123456789012345678901234567890",
          "0.1234567890123456789012345678901234567890",
          "true",
          "false",
          "null",
          "{}",
          "[]",
          "{ \"a\" : [ 1 , { \"b\" : \"]\" } ] , \"c\" : { } }",
          "[[],[[]],[{\"x\":[]}]]");

  private static final List<String> GAPS = List.of("", " ", "\t", "\n", "\r\n", "  \n\t ");

  @Test
  void everyKindOfValueIsFoundAsMemberAndAsElement() throws Exception {
    for (String gap : GAPS) {
      for (String before : VALUES) {
        for (String value : VALUES) {
          assertFoundIn(gap, before, value);
        }
      }
    }
  }

  private static void assertFoundIn(String gap, String before, String value) throws JsonFault {
    String member = "\"é\"" + gap + ":" + gap + before;
    String text =
        "{" + gap + member + gap + "," + gap + "\"v\"" + gap + ":" + gap + value + gap + "}";
    byte[] object = text.getBytes(UTF_8);
    byte[] array = ("[" + gap + before + gap + "," + gap + value + gap + "]" + gap).getBytes(UTF_8);

    assertThat(members(object)).as(text).containsExactly("\"é\"", before, "\"v\"", value);
    assertThat(elements(array, new Span(0, array.length))).as(text).containsExactly(before, value);
  }

  /** Names as they stand, without the colon, and values, in turn. */
  private static List<String> members(byte[] bytes) throws JsonFault {
    List<String> found = new ArrayList<>();
    try (JsonCursor cursor = new JsonCursor(bytes)) {
      cursor.enterObject();
      while (cursor.nextMember()) {
        int nameStart = cursor.nameStart();
        String name = cursor.name();
        found.add(cut(bytes, new Span(nameStart, nameStart + name.getBytes(UTF_8).length + 2)));
        found.add(cut(bytes, cursor.skip()));
      }
      cursor.expectEnd();
    }
    return found;
  }

  private static List<String> elements(byte[] bytes, Span span) throws JsonFault {
    List<String> found = new ArrayList<>();
    try (JsonCursor cursor = new JsonCursor(bytes, span)) {
      cursor.enterArray();
      while (cursor.nextElement()) {
        int start = cursor.tokenStart();
        Span value = cursor.skip();
        assertThat(value.start()).isEqualTo(start);
        assertThat(cursor.end()).isEqualTo(value.end());
        found.add(cut(bytes, value));
        cursor.endElement();
      }
      cursor.expectEnd();
    }
    return found;
  }

  private static String cut(byte[] bytes, Span span) {
    return new String(bytes, span.start(), span.length(), UTF_8);
  }

  @Test
  void everyKindOfValueIsFoundAlone() throws Exception {
    for (String gap : GAPS) {
      for (String value : VALUES) {
        byte[] bytes = (gap + value + gap).getBytes(UTF_8);
        try (JsonCursor cursor = new JsonCursor(bytes)) {
          assertThat(cut(bytes, cursor.skip())).isEqualTo(value);
          cursor.expectEnd();
        }
      }
    }
  }

  @Test
  void offsetsOfSpanAreThoseOfTheWholeArray() throws Exception {
    for (String value : VALUES) {
      String before = "{\"a\":\"漢\",\"b\":";
      byte[] bytes = (before + "[ " + value + " , " + value + "],\"c\":1}").getBytes(UTF_8);
      Span array = requireNonNull(JsonMembers.value(bytes, new Span(0, bytes.length), "b"));

      assertThat(array.start()).isEqualTo(before.getBytes(UTF_8).length);
      assertThat(elements(bytes, array)).containsExactly(value, value);
    }
  }

  @Test
  void nestedValuesAreWalkedInPlace() throws Exception {
    byte[] bytes = "[[1,[2]],{\"a\":{\"b\":[3]}},4]".getBytes(UTF_8);
    List<String> numbers = new ArrayList<>();

    try (JsonCursor cursor = new JsonCursor(bytes)) {
      walk(cursor, bytes, numbers);
      cursor.expectEnd();
    }

    assertThat(numbers).containsExactly("1", "2", "3", "4");
  }

  private static void walk(JsonCursor cursor, byte[] bytes, List<String> scalars) throws JsonFault {
    switch (cursor.kind()) {
      case ARRAY -> {
        cursor.enterArray();
        while (cursor.nextElement()) {
          walk(cursor, bytes, scalars);
          cursor.endElement();
        }
      }
      case OBJECT -> {
        cursor.enterObject();
        while (cursor.nextMember()) {
          walk(cursor, bytes, scalars);
        }
      }
      case STRING, NUMBER, BOOLEAN, NULL -> scalars.add(cut(bytes, cursor.skip()));
    }
  }

  @Test
  void kindsHaveTheirNames() throws Exception {
    assertThat(kind("{}")).isEqualTo(JsonKind.OBJECT);
    assertThat(kind("[]")).isEqualTo(JsonKind.ARRAY);
    assertThat(kind("\"\"")).isEqualTo(JsonKind.STRING);
    assertThat(kind("-1.5")).isEqualTo(JsonKind.NUMBER);
    assertThat(kind("false")).isEqualTo(JsonKind.BOOLEAN);
    assertThat(kind("null")).isEqualTo(JsonKind.NULL);
  }

  private static JsonKind kind(String json) throws JsonFault {
    try (JsonCursor cursor = new JsonCursor(json.getBytes(UTF_8))) {
      return cursor.kind();
    }
  }

  @Test
  void depthIsLimited() throws Exception {
    byte[] deep = ("[".repeat(128) + "]".repeat(128)).getBytes(UTF_8);
    byte[] deeper = ("[".repeat(129) + "]".repeat(129)).getBytes(UTF_8);
    byte[] deeperObjects = ("{\"a\":".repeat(129) + "1" + "}".repeat(129)).getBytes(UTF_8);

    assertThat(skipped(deep)).isEqualTo(new Span(0, 256));
    assertThatThrownBy(() -> skipped(deeper)).isInstanceOf(JsonFault.class);
    assertThatThrownBy(() -> skipped(deeperObjects)).isInstanceOf(JsonFault.class);
  }

  private static Span skipped(byte[] bytes) throws JsonFault {
    try (JsonCursor cursor = new JsonCursor(bytes)) {
      Span span = cursor.skip();
      cursor.expectEnd();
      return span;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[",
        "\"",
        "\"\\",
        "\"\\u00",
        "-",
        "tru",
        "[2.",
        "1e",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "[1,",
        "[1",
        "{\"a\":\"b",
        "{\"a\":nul",
        "{\"a\":[{}"
      })
  void cutJsonIsFaultThatSaysSo(String json) {
    assertThatThrownBy(() -> skipped(json.getBytes(UTF_8)))
        .isInstanceOfSatisfying(JsonFault.class, fault -> assertThat(fault.isCut()).isTrue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "]",
        "}",
        ",",
        "{]",
        "[}",
        "{1:2}",
        "{\"a\" 1}",
        "{\"a\":1,}",
        "[1,]",
        "[1 2]",
        "'a'",
        "nil }",
        "NaN ",
        "01 ",
        "+1 ",
        "[1.,2]",
        ".5 ",
        "\"\n\"",
        "\"\\x\"",
        "\"\\ud8zz\"",
        "{} {}",
        "1 2",
        "/* */ 1",
        "\uFEFF{}"
      })
  void nonsenseIsFaultAndNotCut(String json) {
    assertThatThrownBy(() -> skipped(json.getBytes(UTF_8)))
        .isInstanceOfSatisfying(JsonFault.class, fault -> assertThat(fault.isCut()).isFalse());
  }

  @Test
  void faultHasPlaceAndNoWordsOfTheInput() {
    assertThatThrownBy(() -> skipped("[1,\n secret ]".getBytes(UTF_8)))
        .isInstanceOf(JsonFault.class)
        .hasMessageContaining("line 2")
        .hasMessageNotContaining("secret")
        .hasNoCause();
  }

  @Test
  void utf16IsNoJson() {
    assertThatThrownBy(() -> skipped("{\"a\":1}".getBytes(StandardCharsets.UTF_16LE)))
        .isInstanceOf(JsonFault.class);
    assertThatThrownBy(() -> skipped("{\"a\":1}".getBytes(StandardCharsets.UTF_16BE)))
        .isInstanceOf(JsonFault.class);
  }

  @Test
  void integersAreCutAndRangeIsChecked() throws Exception {
    assertThat(integer("42")).isEqualTo(42);
    assertThat(integer("-1")).isEqualTo(-1);
    assertThat(integer("2.9")).isEqualTo(2);
    assertThat(integer("1e3")).isEqualTo(1000);
    assertThat(integer("9223372036854775807")).isEqualTo(Long.MAX_VALUE);
    assertThatThrownBy(() -> integer("9223372036854775808"))
        .isInstanceOf(JsonFault.class)
        .hasMessageNotContaining("9223372036854775808");
    assertThatThrownBy(() -> integer("1e400")).isInstanceOf(JsonFault.class);
    assertThatThrownBy(() -> integer("\"1\"")).isInstanceOf(JsonFault.class);
    assertThatThrownBy(() -> integer("null")).isInstanceOf(JsonFault.class);
  }

  private static long integer(String json) throws JsonFault {
    try (JsonCursor cursor = new JsonCursor(json.getBytes(UTF_8))) {
      return cursor.integer();
    }
  }

  @Test
  void wrongKindIsFault() {
    assertThatThrownBy(() -> enterObject("[]")).isInstanceOf(JsonFault.class);
    assertThatThrownBy(() -> enterArray("{}")).isInstanceOf(JsonFault.class);
    assertThatThrownBy(() -> enterArray("\"[\"")).isInstanceOf(JsonFault.class);
  }

  private static void enterObject(String json) throws JsonFault {
    try (JsonCursor cursor = new JsonCursor(json.getBytes(UTF_8))) {
      cursor.enterObject();
    }
  }

  private static void enterArray(String json) throws JsonFault {
    try (JsonCursor cursor = new JsonCursor(json.getBytes(UTF_8))) {
      cursor.enterArray();
    }
  }

  @Test
  void damagedJsonIsFaultOrStillJsonAndNeverAnythingElse() {
    String sound =
        "{\"model\":\"é\",\"messages\":[{\"role\":\"user\",\"content\":\"a\\n\\ud83d\\ude00 漢😀\"},"
            + "{\"n\":[-1.5e3,0,true,false,null,{}]}],\"x\":12}";
    Chance.cases(
        1,
        20_000,
        random -> {
          byte[] damaged = damaged(sound.getBytes(UTF_8), random);
          int before = random.nextInt(4);
          byte[] all = new byte[before + damaged.length + random.nextInt(3)];
          random.nextBytes(all);
          System.arraycopy(damaged, 0, all, before, damaged.length);
          Span span = new Span(before, before + damaged.length);
          List<String> scalars = new ArrayList<>();
          try (JsonCursor cursor = new JsonCursor(all, span)) {
            readAll(cursor, all, span, scalars);
            cursor.expectEnd();
          } catch (JsonFault e) {
            assertThat(e.getMessage()).isNotBlank();
            return;
          }
          JACKSON.readTree(damaged); // what is accepted is JSON
        });
  }

  private static byte[] damaged(byte[] sound, SplittableRandom random) {
    byte[] bytes = sound.clone();
    int changes = random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(bytes.length);
      bytes[at] =
          random.nextBoolean() ? (byte) random.nextInt(256) : bytes[random.nextInt(bytes.length)];
    }
    return random.nextInt(3) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }

  /** Reads like the program does: skips strings, decodes them later. */
  private static void readAll(JsonCursor cursor, byte[] bytes, Span limits, List<String> scalars)
      throws JsonFault {
    switch (cursor.kind()) {
      case ARRAY -> {
        cursor.enterArray();
        while (cursor.nextElement()) {
          readAll(cursor, bytes, limits, scalars);
          cursor.endElement();
        }
      }
      case OBJECT -> {
        cursor.enterObject();
        while (cursor.nextMember()) {
          assertThat(cursor.name()).isNotNull();
          readAll(cursor, bytes, limits, scalars);
        }
      }
      case STRING -> {
        Span span = cursor.skip();
        assertThat(span.start()).isGreaterThanOrEqualTo(limits.start());
        assertThat(span.end()).isLessThanOrEqualTo(limits.end());
        scalars.add(JsonString.at(bytes, span).text());
      }
      case NUMBER, BOOLEAN, NULL -> scalars.add(cut(bytes, cursor.skip()));
    }
  }
}
