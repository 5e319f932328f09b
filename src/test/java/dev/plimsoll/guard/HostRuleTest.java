package dev.plimsoll.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.guard.HostRule.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostRuleTest {
  private final HostRule rule =
      new HostRule("gpu.lan", List.of("Box.Example", "[2001:db8::7]", "2001:db8::8"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:1",
        "gpu.lan:65535",
        "box.example",
        "[2001:db8::7]:80",
        "[2001:DB8::8]",
        "127.0.0.1",
        "127.255.255.255:11435",
        "10.0.0.0",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "169.254.7.7",
        "100.64.0.1",
        "100.127.255.255",
        "[::1]",
        "[fe80::1]",
        "[febf::1]",
        "[fc00::1]",
        "[fdff::1]:8080"
      })
  void ours(String host) {
    assertThat(rule.judge(host)).isEqualTo(Verdict.OURS);
    assertThat(rule.judge(host)).isEqualTo(Verdict.OURS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.nip.io",
        "box.example.evil",
        "xbox.example",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "172.15.0.1",
        "172.32.0.1",
        "192.167.0.1",
        "100.63.0.1",
        "100.128.0.1",
        "0.0.0.0",
        "127.1",
        "127.0.0.1.",
        "127.0.0.01",
        "0127.0.0.1",
        "127.0.0.256",
        "127.0.0.1.1",
        "2130706433",
        "0x7f000001",
        "127..0.1",
        "localhost.",
        "[2001:db8::1]",
        "[fec0::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[1:2]",
        "[:::]"
      })
  void foreign(String host) {
    assertThat(rule.judge("localhost")).isEqualTo(Verdict.OURS);
    assertThat(rule.judge(host)).isEqualTo(Verdict.FOREIGN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":80",
        "localhost:",
        "localhost:x",
        "localhost:123456",
        "localhost:80:80",
        "local host",
        "a/b",
        "a@b",
        "a,b",
        "h\u00e9",
        "[::1",
        "[::1]x",
        "[::1]:",
        "[]",
        "[fe80::1%25eth0]",
        "::1"
      })
  void invalid(String host) {
    assertThat(rule.judge(host)).isEqualTo(Verdict.INVALID);
  }

  @Test
  void portThatListensEverywhereIsAskedByThatAddressToo() {
    assertThat(new HostRule("0.0.0.0", List.of()).judge("0.0.0.0:1")).isEqualTo(Verdict.OURS);
    assertThat(new HostRule("::", List.of()).judge("[::]:1")).isEqualTo(Verdict.OURS);
    assertThat(new HostRule("0.0.0.0", List.of()).judge("8.8.8.8")).isEqualTo(Verdict.FOREIGN);
  }

  @Test
  void loopbackIsOnlyWhatNobodyElseReaches() {
    assertThat(List.of("localhost", "LocalHost", "127.0.0.1", "127.9.9.9", "::1"))
        .allMatch(PrivateAddress::isLoopback);
    assertThat(List.of("0.0.0.0", "::", "10.0.0.1", "127.example", "gpu.lan", "::2"))
        .noneMatch(PrivateAddress::isLoopback);
  }
}
