package dev.plimsoll.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BlankedKeyTest {
  private static final String BODY = "key sk-abab: sk-abab is wrong, sk-aba is no key, sk-ab";
  private static final String BLANKED = "key *******: ******* is wrong, sk-aba is no key, sk-ab";

  private static String passed(Optional<String> key, String body, int first, int second) {
    BlankedKey blanked = new BlankedKey(key);
    Buffer out = Buffer.buffer();
    for (String piece :
        new String[] {
          body.substring(0, first), body.substring(first, second), body.substring(second)
        }) {
      out.appendBuffer(blanked.pass(Buffer.buffer(piece)));
    }
    return out.appendBuffer(blanked.rest()).toString();
  }

  @Test
  void keyIsBlankedHoweverTheBodyIsCut() {
    for (int first = 0; first <= BODY.length(); first++) {
      for (int second = first; second <= BODY.length(); second++) {
        assertThat(passed(Optional.of("sk-abab"), BODY, first, second))
            .as(first + ", " + second)
            .isEqualTo(BLANKED);
      }
    }
  }

  @Test
  void keyThatOverlapsItselfIsBlankedFromTheLeft() {
    assertThat(passed(Optional.of("aaa"), "aaaaa b", 2, 4)).isEqualTo("***aa b");
  }

  @Test
  void withoutAKeyNothingIsHeldBack() {
    Buffer piece = Buffer.buffer("anything");
    assertThat(new BlankedKey(Optional.empty()).pass(piece)).isSameAs(piece);
  }
}
