package dev.plimsoll.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the rules to what Crush and OpenCode really sent. */
class RecordedAgentsTest {
  @BeforeEach
  void needsTheRecordings() {
    assumeTrue(
        Files.isDirectory(Sent.RECORDED),
        "skipped: the requests recorded from real agents are not at " + Sent.RECORDED);
  }

  @ParameterizedTest
  @CsvSource({"crush, 16", "opencode, 15"})
  void everyRecordedRequestIsOfItsKindAndAgent(String agent, int count) throws IOException {
    List<Sent> recorded = Sent.recorded(agent);

    assertThat(recorded).hasSize(count);
    assertThat(recorded)
        .allSatisfy(
            sent -> {
              assertThat(sent.identity().kind().label()).as(sent.name()).isEqualTo(sent.kind());
              assertThat(sent.identity().agent().label()).isEqualTo(agent);
            });
  }

  @ParameterizedTest
  @CsvSource({"crush", "opencode"})
  void theSystemPromptTellsTheAgentWhenTheUserAgentDoesNot(String agent) throws IOException {
    assertThat(Sent.recorded(agent))
        .filteredOn(sent -> sent.kind().equals("main"))
        .allSatisfy(
            sent ->
                assertThat(sent.with("user-agent", "Go").identity().agent().label())
                    .isEqualTo(agent));
  }

  @Test
  void crushIsOneSessionAndItsSubAgentWithItsTitleAnother() throws IOException {
    List<Sent> recorded = Sent.recorded("crush");
    Predicate<Sent> ofSubAgent =
        sent -> sent.kind().equals("subagent") || sent.name().equals("06-title.json");

    Set<SessionId> own = ids(recorded, ofSubAgent.negate());
    Set<SessionId> sub = ids(recorded, ofSubAgent);

    assertThat(own).hasSize(1).doesNotContainAnyElementsOf(sub);
    assertThat(sub).hasSize(1);
    assertThat(recorded).allSatisfy(sent -> assertThat(sent.identity().parent()).isNull());
  }

  @Test
  void opencodeIsOneSessionAndItsSubAgentNamesItAsParent() throws IOException {
    List<Sent> recorded = Sent.recorded("opencode");

    Set<SessionId> own = ids(recorded, sent -> !sent.kind().equals("subagent"));
    Set<SessionId> sub = ids(recorded, sent -> sent.kind().equals("subagent"));

    assertThat(own).hasSize(1).doesNotContainAnyElementsOf(sub);
    assertThat(sub).hasSize(1);
    assertThat(recorded)
        .filteredOn(sent -> sent.kind().equals("subagent"))
        .allSatisfy(sent -> assertThat(sent.identity().parent()).isIn(own));
  }

  @Test
  void withoutIdsTheTurnsUpToTheAgentsOwnSummaryAreOneSession() throws IOException {
    for (String agent : List.of("crush", "opencode")) {
      List<Sent> turns =
          Sent.recorded(agent).stream()
              .takeWhile(sent -> !sent.kind().equals("summary"))
              .map(Sent::withoutIds)
              .toList();

      Set<SessionId> main = ids(turns, sent -> sent.kind().equals("main"));
      Set<SessionId> sub = ids(turns, sent -> sent.kind().equals("subagent"));

      assertThat(main).as(agent).hasSize(1).doesNotContainAnyElementsOf(sub);
      assertThat(main).allSatisfy(id -> assertThat(id.source()).isEqualTo(Source.PREFIX));
      assertThat(sub).as(agent).hasSize(1);
    }
  }

  private static Set<SessionId> ids(List<Sent> recorded, Predicate<Sent> which) {
    Set<SessionId> found = new HashSet<>();
    recorded.stream().filter(which).forEach(sent -> found.add(sent.identity().id()));
    return found;
  }
}
