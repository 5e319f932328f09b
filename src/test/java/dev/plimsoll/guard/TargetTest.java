package dev.plimsoll.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.testing.Chance;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/v1/chat/completions",
        "/v1/models/org/name:latest",
        "/v1/models/a..b",
        "/v1/models/.hidden",
        "/v1/models/...",
        "/v1/models/%E6%BC%A2",
        "/v1/models/a%20b%40c%7E%3A",
        "/api/v1/sessions?limit=1&client=a%2Fb;c/../d",
        "/?",
        "/v1/models/"
      })
  void plainPathsAreFine(String target) {
    assertThat(Target.flaw(target)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "v1",
        "http://a/",
        "//",
        "/a//b",
        "/.",
        "/..",
        "/a/.",
        "/a/../b",
        "/./a",
        "/..?x",
        "/a\\b",
        "/a;b",
        "/a#b",
        "/?a#b",
        "/?a\\b",
        "/a b",
        "/a\tb",
        "/\u007f",
        "/\u00e9",
        "/?\u00e9",
        "/%",
        "/%4",
        "/%g0",
        "/%0g",
        "/%2f",
        "/%2F",
        "/%5c",
        "/%2e",
        "/%00",
        "/%0a",
        "/%1f",
        "/%7f",
        "/%3b",
        "/%25",
        "/%3f",
        "/%23",
        "/%61",
        "/%5A",
        "/%30",
        "/%2d",
        "/%5f",
        "/a%2E%2e/b",
        "/%\uff12f"
      })
  void tricksAreNot(String target) {
    assertThat(Target.flaw(target)).isNotNull();
  }

  /** What passes means the same whether it is decoded never, once or twice. */
  @Test
  void decodingOpensNothing() {
    String pieces = "/.%25fFeE0123456789abz;?#\\~:-_ \u00e9";
    Chance.cases(
        1,
        20_000,
        random -> {
          StringBuilder target = new StringBuilder("/");
          for (int i = random.nextInt(12); i >= 0; i--) {
            target.append(pieces.charAt(random.nextInt(pieces.length())));
          }
          String text = target.toString();
          if (Target.flaw(text) == null) {
            String path = text.split("\\?", 2)[0];
            String once = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);

            assertThat(once.chars().filter(c -> c == '/').count())
                .isEqualTo(path.chars().filter(c -> c == '/').count());
            assertThat(once).doesNotContain("%", "\\", ";", "?", "#", "//");
            assertThat("/" + once + "/").doesNotContain("/../", "/./");
          }
        });
  }
}
