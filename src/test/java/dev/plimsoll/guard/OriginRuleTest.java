package dev.plimsoll.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginRuleTest {
  @ParameterizedTest
  @CsvSource({
    "https://chat.example, https://chat.example, true",
    "https://chat.example, HTTPS://Chat.Example, true",
    "https://chat.example, http://chat.example, false",
    "https://chat.example, https://chat.example:8443, false",
    "https://chat.example, https://chat.example.evil, false",
    "*, https://anything, true",
    "*, null, true",
    "http://localhost:*, http://localhost:3000, true",
    "http://localhost:*, http://localhost, false",
    "http://localhost:*, http://localhost.evil:3000, false",
    "chrome-extension://*, chrome-extension://abcdef, true",
    "chrome-extension://*, https://chrome-extension, false",
    "https://*.example, https://a.example, true",
    "https://*.example, https://a.b.example, true",
    "https://*.example, https://.example, true",
    "https://*.example, https://example, false",
    "https://*.example, https://a.example.evil, false",
    "https://a*b*c, https://axxbyyc, true",
    "https://a*b*c, https://abc, true",
    "https://a*b*c, https://ac, false",
    "https://ab*ba, https://aba, false",
  })
  void listedOnesAreThoseThatMatch(String pattern, String origin, boolean listed) {
    assertThat(new OriginRule(List.of("app://x", pattern)).lists(origin)).isEqualTo(listed);
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:11436, localhost:11436, true",
    "https://localhost:11436, localhost:11436, true",
    "HTTP://LOCALHOST:11436, localhost:11436, true",
    "http://localhost, localhost, true",
    "http://[::1]:1, [::1]:1, true",
    "http://localhost, localhost:11436, false",
    "http://localhost:11436, localhost, false",
    "http://localhost:3000, localhost:11436, false",
    "ftp://localhost, localhost, false",
    "httpx://localhost, localhost, false",
    "://localhost, localhost, false",
    "null, null, false",
    "localhost, localhost, false",
  })
  void pageOfTheSameHostAndPortIsOurOwn(String origin, String host, boolean same) {
    assertThat(OriginRule.isSame(origin, host)).isEqualTo(same);
  }
}
