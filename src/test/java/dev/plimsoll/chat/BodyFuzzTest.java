package dev.plimsoll.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.plimsoll.json.Span;
import dev.plimsoll.testing.StrictJson;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The index of a body is right for any bytes: the same members as a second parser finds. */
class BodyFuzzTest {
  @FuzzTest
  void index(byte[] bytes) {
    byte[] untouched = bytes.clone();
    Optional<StrictJson> second = StrictJson.readWithinLimits(bytes);
    switch (Body.parse(bytes)) {
      case Parsed.Good<Body>(Body body) -> {
        assertSame(body.members(), second.filter(RequestShape::isObject).orElseThrow().root());
        assertRejoined(body);
        assertPlaceDoesNotMatter(body);
      }
      case Parsed.Bad<Body>(ApiError error) -> {
        assertThat(second.filter(RequestShape::isObject)).as(error.message()).isEmpty();
        Errors.assertFitToSend(error);
      }
    }
    assertThat(bytes).isEqualTo(untouched);
  }

  private static void assertSame(List<Member> members, StrictJson.Value root) {
    assertThat(members).hasSize(root.members().size());
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      StrictJson.Member other = root.members().get(i);
      StrictJson.Value value = other.value();
      assertThat(member.name()).isEqualTo(other.name());
      assertThat(member.kind().name()).isEqualTo(value.kind().name());
      assertThat(member.value()).isEqualTo(new Span(value.start(), value.end()));
      assertThat(member.span()).isEqualTo(new Span(other.start(), value.end()));
    }
  }

  /** What lies between the members is white space and punctuation, so nothing was lost. */
  private static void assertRejoined(Body body) {
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    int from = 0;
    for (Member member : body.members()) {
      rest.write(body.bytes(), from, member.span().start() - from);
      from = member.span().end();
    }
    rest.write(body.bytes(), from, body.bytes().length - from);
    String marks = rest.toString(UTF_8).replaceAll("[ \t\r\n]", "");
    assertThat(marks).isEqualTo("{" + ",".repeat(Math.max(0, body.members().size() - 1)) + "}");
  }

  /** The same object further back in its array, with other white space behind its members. */
  private static void assertPlaceDoesNotMatter(Body body) {
    ByteArrayOutputStream moved = new ByteArrayOutputStream();
    moved.writeBytes("\n\t {".getBytes(UTF_8));
    int count = 0;
    for (Member member : body.members()) {
      moved.writeBytes((count++ == 0 ? " " : " ,\r\n").getBytes(UTF_8));
      moved.write(body.bytes(), member.span().start(), member.span().length());
    }
    moved.writeBytes(" } ".getBytes(UTF_8));
    if (Body.parse(moved.toByteArray()) instanceof Parsed.Good<Body>(Body again)) {
      assertThat(texts(again)).isEqualTo(texts(body));
    } else {
      throw new AssertionError("not read when moved: " + moved.toString(UTF_8));
    }
  }

  private static List<String> texts(Body body) {
    return body.members().stream()
        .map(
            member ->
                member.name()
                    + member.kind()
                    + hex(body, member.span())
                    + hex(body, member.value()))
        .toList();
  }

  private static String hex(Body body, Span span) {
    return Arrays.toString(Arrays.copyOfRange(body.bytes(), span.start(), span.end()));
  }
}
