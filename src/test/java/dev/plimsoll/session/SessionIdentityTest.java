package dev.plimsoll.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionIdentityTest {
  private static final List<String> HEADERS =
      List.of(
          "x-session-id",
          "x-session-affinity",
          "session-id",
          "session_id",
          "thread-id",
          "x-claude-code-session-id",
          "x-opencode-session",
          "x-affinity");

  @Test
  void theFirstHeaderOfTheListWins() {
    Sent sent = chat(",\"user\":\"body\"");
    for (String header : HEADERS.reversed()) {
      sent = sent.with(header, "from " + header);

      SessionId id = sent.identity().id();

      assertThat(id.clientId()).isEqualTo("from " + header);
      assertThat(id.source()).isEqualTo(Source.HEADER);
    }
  }

  @Test
  void bodyFieldsFollowInTheirOrder() {
    List<String> found = new ArrayList<>();
    String user = ",\"user\":\"u\"";
    String userId = "\"user_id\":\"user_1_account__session_m\"";

    found.add(clientId(user));
    found.add(clientId(user + ",\"metadata\":{" + userId + "}"));
    found.add(clientId(user + ",\"metadata\":{" + userId + ",\"session_id\":\"s\"}"));
    found.add(clientId(user + ",\"metadata\":{\"session_id\":\"s\"},\"prompt_cache_key\":\"p\""));

    assertThat(found).containsExactly("u", "m", "s", "p");
    assertThat(chat(user).identity().id().source()).isEqualTo(Source.BODY);
  }

  @Test
  void whatIsNoIdIsPassedOver() {
    assertThat(clientId(",\"metadata\":{\"user_id\":\"nobody\"},\"user\":\"u\"")).isEqualTo("u");
    assertThat(clientId(",\"metadata\":[1],\"prompt_cache_key\":7,\"user\":\"u\"")).isEqualTo("u");
    assertThat(chat(",\"user\":\" \"").with("x-session-id", "  ").identity().id().source())
        .isEqualTo(Source.PREFIX);
  }

  @Test
  void anIdIsSixteenHexDigitsAndTheSameEveryTime() {
    SessionId id = chat("").with("x-session-id", "ses_1").identity().id();

    assertThat(id.value()).matches("s_[0-9a-f]{16}");
    assertThat(chat(",\"stop\":\"x\"").with("x-session-id", "ses_1").identity().id()).isEqualTo(id);
  }

  @Test
  void theSameValueInHeaderAndBodyAreTwoSessions() {
    assertThat(chat(",\"user\":\"a\"").identity().id().value())
        .isNotEqualTo(chat("").with("x-session-id", "a").identity().id().value());
  }

  @Test
  void anotherKeyIsAnotherSessionAndParentsAreScopedToo() {
    Sent sent = chat("").with("x-session-id", "child").with("x-parent-session-id", "mother");
    Identity one = sent.with("authorization", "Bearer one").identity();
    Identity again = sent.with("authorization", "bearer one").identity();
    Identity two = sent.with("authorization", "Bearer two").identity();

    assertThat(again).isEqualTo(one);
    assertThat(two.id().value()).isNotEqualTo(one.id().value());
    assertThat(two.parent()).isNotEqualTo(one.parent());
    assertThat(one.parent())
        .isEqualTo(
            chat("")
                .with("authorization", "Bearer one")
                .with("x-session-id", "mother")
                .identity()
                .id());
  }

  @Test
  void aLongOrUnprintableIdStillCountsButIsNotShown() {
    String longest = "é".repeat(128);

    assertThat(header(longest).clientId()).isEqualTo(longest);
    assertThat(header(longest + "x").clientId()).isNull();
    assertThat(header(longest + "x").value()).isNotEqualTo(header(longest + "y").value());
    for (String bad : List.of("a\u0007b", "a\u001b[31m", "a\u202eb", "a\u2028b", "a\ud800")) {
      assertThat(header(bad).clientId()).isNull();
    }
  }

  @Test
  void aConversationWithoutIdKeepsItsSessionWhileItGrows() {
    String start = "{\"role\":\"system\",\"content\":\"You help.\\nToday's date: 11/24/2026\"},";
    String question = "{\"role\":\"user\",\"content\":\"Fix it\"}";
    String answer =
        ",{\"role\":\"assistant\",\"content\":\"Done\"},"
            + "{\"role\":\"user\",\"content\":\"And now?\"}";

    SessionId first = messages(start + question).identity().id();

    assertThat(first.source()).isEqualTo(Source.PREFIX);
    assertThat(first.clientId()).isNull();
    assertThat(messages(start + question + answer).identity().id()).isEqualTo(first);
    assertThat(messages(start.replace("24", "25") + question).identity().id()).isEqualTo(first);
    assertThat(messages(start + question.replace("Fix", "Break")).identity().id())
        .isNotEqualTo(first);
    assertThat(messages(start.replace("help", "harm") + question).identity().id())
        .isNotEqualTo(first);
    assertThat(messages(start + question).with("user-agent", "x/1").identity().id())
        .isNotEqualTo(first)
        .isEqualTo(messages(start + question).with("user-agent", "x/2").identity().id());
    assertThat(messages(start + question).with("authorization", "Bearer k").identity().id())
        .isNotEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Is directory a git repo: no",
        "Today is Tuesday, November 24, 2026",
        "The time is 2026-11-24T07:08:09Z.",
        "It is 07:08 AM now",
        "gitStatus: on main\\nM calc.py\\n\\n",
        "<git_status>\\n?? a.txt\\n</git_status>",
        "Current branch: main",
      })
  void whatMovesInASystemPromptDoesNotMakeANewSession(String moving) {
    String[] variants = {
      moving,
      moving
          .replace(": no", ": yes")
          .replace("24", "25")
          .replace("Tuesday", "Wednesday")
          .replace("07:08", "10:59")
          .replace("calc.py", "README.md")
          .replace("a.txt", "b.txt")
          .replace("main", "topic"),
    };
    List<String> ids = new ArrayList<>();
    for (String variant : variants) {
      String system =
          "{\"role\":\"system\",\"content\":\"You help.\\n" + variant + "\\nBe good.\"}";
      ids.add(messages(system + ",{\"role\":\"user\",\"content\":\"Hi\"}").identity().id().value());
    }

    assertThat(variants[0]).isNotEqualTo(variants[1]);
    assertThat(ids.get(0)).isEqualTo(ids.get(1));
  }

  @Test
  void anAgentsReminderIsNotTheUsersFirstMessage() {
    String reminder =
        "{\"role\":\"user\",\"content\":\"<system_reminder>empty</system_reminder>\"},";
    String one = reminder + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"A\"}]}";

    assertThat(messages(one).identity().id())
        .isEqualTo(messages(one.replace("empty", "full")).identity().id())
        .isNotEqualTo(messages(one.replace("\"A\"", "\"B\"")).identity().id());
  }

  @Test
  void aUserMayTypeWhatTitleAndSummaryRequestsSay() {
    String tools = ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"ls\"}}]";
    String words = "Provide a detailed summary of our conversation above.";
    String body =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + words + "\"}]%s}";

    assertThat(Sent.of(body.formatted(tools)).identity().kind()).isEqualTo(RequestKind.MAIN);
    assertThat(Sent.of(body.formatted("")).identity().kind()).isEqualTo(RequestKind.SUMMARY);
  }

  @Test
  void aParentMakesATurnTheSubAgents() {
    assertThat(chat("").identity().kind()).isEqualTo(RequestKind.MAIN);
    assertThat(chat("").with("x-parent-session-id", "p").identity().kind())
        .isEqualTo(RequestKind.SUBAGENT);
  }

  @Test
  void aCompletionIsOfNoKindAndOfOneSessionForEachClientAndModel() {
    Sent sent =
        Sent.of("{\"model\":\"m:latest\",\"prompt\":\"a\"}").with("user-agent", "codex_cli/1");
    Identity identity = sent.asCompletion();

    assertThat(identity.kind()).isEqualTo(RequestKind.OTHER);
    assertThat(identity.agent()).isEqualTo(Agent.CODEX);
    assertThat(
            Sent.of("{\"model\":\"m\",\"prompt\":\"b\"}")
                .with("user-agent", "codex_cli/2")
                .asCompletion())
        .isEqualTo(identity);
    assertThat(sent.with("thread-id", "t").asCompletion().id().clientId()).isEqualTo("t");
  }

  private static Sent chat(String more) {
    return Sent.of(
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]" + more + "}");
  }

  private static Sent messages(String messages) {
    return Sent.of("{\"model\":\"m\",\"messages\":[" + messages + "]}");
  }

  private static String clientId(String more) {
    return String.valueOf(chat(more).identity().id().clientId());
  }

  private static SessionId header(String value) {
    return chat("").with("x-session-id", value).identity().id();
  }
}
