package dev.plimsoll.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One member of an object. */
class JsonMembersTest {
  private static final byte[] BYTES =
      "[{\"a\":{\"b\":1},\"\\u0062\":\"two\",\"n\":null, \"s\" : 3 },7]".getBytes(UTF_8);
  private static final Span OBJECT = new Span(1, BYTES.length - 3);

  @Test
  void valueIsFoundByItsDecodedNameAndNotInDepth() throws Exception {
    assertThat(text(JsonMembers.value(BYTES, OBJECT, "a"))).isEqualTo("{\"b\":1}");
    assertThat(text(JsonMembers.value(BYTES, OBJECT, "b"))).isEqualTo("\"two\"");
    assertThat(text(JsonMembers.value(BYTES, OBJECT, "s"))).isEqualTo("3");
    assertThat(JsonMembers.value(BYTES, OBJECT, "x")).isNull();
  }

  @Test
  void onlyStringsAreStrings() throws Exception {
    JsonString two = requireNonNull(JsonMembers.string(BYTES, OBJECT, "b"));

    assertThat(two.text()).isEqualTo("two");
    assertThat(JsonMembers.string(BYTES, OBJECT, "n")).isNull();
    assertThat(JsonMembers.string(BYTES, OBJECT, "a")).isNull();
    assertThat(JsonMembers.string(BYTES, OBJECT, "x")).isNull();
  }

  @Test
  void otherValuesHaveNoMembers() throws Exception {
    assertThat(JsonMembers.value(BYTES, new Span(0, BYTES.length), "a")).isNull();
    assertThatThrownBy(() -> JsonMembers.value(BYTES, new Span(1, 5), "x"))
        .isInstanceOf(JsonFault.class);
  }

  private static String text(@Nullable Span found) {
    Span span = requireNonNull(found);
    return new String(BYTES, span.start(), span.length(), UTF_8);
  }
}
