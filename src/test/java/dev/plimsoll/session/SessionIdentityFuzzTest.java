package dev.plimsoll.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.plimsoll.chat.Body;
import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.Parsed;
import dev.plimsoll.testing.StrictJson;
import dev.plimsoll.testing.StrictJson.Kind;
import dev.plimsoll.testing.StrictJson.Value;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whatever headers and body a client sends, the request has one session: the one that the rules
 * name when they are written down a second time. The input is header lines, an empty line, a body.
 */
class SessionIdentityFuzzTest {
  private static final String MORE_MESSAGES =
      ",{\"role\":\"assistant\",\"content\":\"x\"},{\"role\":\"user\",\"content\":\"go on\"}";

  @FuzzTest
  void identity(byte[] bytes) {
    String text = new String(bytes, ISO_8859_1);
    int gap = text.indexOf("\n\n");
    Map<String, String> headers = headers(gap < 0 ? "" : text.substring(0, gap));
    byte[] body = Arrays.copyOfRange(bytes, gap < 0 ? 0 : gap + 2, bytes.length);
    Value root = StrictJson.readWithinLimits(body).map(StrictJson::root).orElse(null);
    if (ChatRequest.parse(body) instanceof Parsed.Good<ChatRequest>(ChatRequest chat)) {
      Identity identity = SessionIdentity.of(headers::get, chat);
      assertIdentity(identity, headers, root);
      assertThat(SessionIdentity.of(headers::get, chat)).isEqualTo(identity);
      assertSameWhileItGrows(identity, headers, body, root);
      assertSameAfterAnUpdate(identity, headers, chat);
    }
    if (Body.parse(body) instanceof Parsed.Good<Body>(Body other)) {
      assertIdentity(SessionIdentity.of(headers::get, other), headers, root);
    }
  }

  private static Map<String, String> headers(String lines) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line : lines.split("\n", -1)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
        headers.putIfAbsent(name, line.substring(colon + 1));
      }
    }
    return headers;
  }

  private static void assertIdentity(
      Identity identity, Map<String, String> headers, @Nullable Value root) {
    SessionId id = identity.id();
    assertThat(id.value()).matches("s_[0-9a-f]{16}");
    if (root != null) {
      IdentityRules rules = new IdentityRules(headers, root);
      IdentityRules.Named named = rules.named();
      assertThat(id.source()).isEqualTo(named == null ? Source.PREFIX : named.source());
      assertThat(id.clientId()).isEqualTo(named == null ? null : rules.shown(named));
      if (named != null) {
        assertThat(id.value()).isEqualTo(rules.id(named));
      }
    }
    String parent = IdentityRules.present(headers.get("x-parent-session-id"));
    assertThat(identity.parent() == null).isEqualTo(parent == null);
    String key = IdentityRules.present(headers.get("authorization"));
    if (key != null && key.length() > 20 && occursOnce(headers, key)) {
      assertThat(identity.toString()).doesNotContain(key);
    }
  }

  private static boolean occursOnce(Map<String, String> headers, String key) {
    return headers.values().stream().filter(value -> value.contains(key)).count() == 1;
  }

  /** A conversation without a name of its own keeps its session when messages are added. */
  private static void assertSameWhileItGrows(
      Identity identity, Map<String, String> headers, byte[] body, @Nullable Value root) {
    Value messages = root == null ? null : root.member("messages").orElse(null);
    if (messages == null
        || messages.elements().stream().noneMatch(SessionIdentityFuzzTest::isUser)) {
      return;
    }
    ByteArrayOutputStream grown = new ByteArrayOutputStream();
    grown.write(body, 0, messages.end() - 1);
    grown.writeBytes(MORE_MESSAGES.getBytes(UTF_8));
    grown.write(body, messages.end() - 1, body.length - messages.end() + 1);
    if (ChatRequest.parse(grown.toByteArray())
        instanceof Parsed.Good<ChatRequest>(ChatRequest more)) {
      assertThat(SessionIdentity.of(headers::get, more).id()).isEqualTo(identity.id());
    } else {
      throw new AssertionError("not read when longer: " + grown.toString(UTF_8));
    }
  }

  /** A message that is surely the user's own words and not an agent's preamble. */
  private static boolean isUser(Value message) {
    return message.member("role").filter(role -> role.text().equals("user")).isPresent()
        && message
            .member("content")
            .filter(content -> content.kind() == Kind.STRING)
            .filter(content -> !content.text().stripLeading().matches("(?s)(<|This is).*"))
            .isPresent();
  }

  /** An agent that was updated goes on with its conversation. */
  private static void assertSameAfterAnUpdate(
      Identity identity, Map<String, String> headers, ChatRequest chat) {
    String agent = headers.get("user-agent");
    int version = agent == null ? -1 : agent.strip().indexOf('/');
    if (agent != null && version > 0) {
      Map<String, String> later = new LinkedHashMap<>(headers);
      later.put("user-agent", agent.strip().substring(0, version + 1) + "99.1");
      assertThat(SessionIdentity.of(later::get, chat)).isEqualTo(identity);
    }
  }
}
