package dev.plimsoll.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.FakeModel;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.Scrape;
import dev.plimsoll.testing.SseText;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The image, in front of a scripted model server on this machine. */
class ContainerIT {
  private static final String CHAT = "/v1/chat/completions";
  private static final String QUESTION =
      "{\"model\":\"test\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final int LIMIT_SECONDS = 60;

  @BeforeEach
  void imageIsThere() {
    BuiltImage.require();
  }

  private static SseText ask(PlimsollContainer plimsoll) throws Exception {
    RawClient.Response response = RawClient.post(plimsoll.agents(), CHAT, QUESTION);
    assertThat(response.status()).as(response.text()).isEqualTo(200);
    assertThat(response.complete()).isTrue();
    return SseText.of(response.text());
  }

  @Test
  void aChatIsAnsweredWithoutAnyPrivilege() throws Exception {
    try (FakeOllama fake = FakeOllama.start();
        PlimsollContainer plimsoll = PlimsollContainer.before(fake.uri())) {
      plimsoll.start();

      SseText answer = ask(plimsoll);

      assertThat(answer.done()).isTrue();
      assertThat(answer.joined("content")).isEqualTo("Hello, world!");
      assertThat(plimsoll.run("id", "-u")).isEqualTo("10001");
      assertThat(plimsoll.execInContainer("sh", "-c", "echo x >/app/x").getExitCode()).isNotZero();
      assertThat(plimsoll.run("plimsoll", "--version")).startsWith("plimsoll ");
    }
  }

  @Test
  void nativePartsComeFromTheImage() throws Exception {
    try (FakeOllama fake = FakeOllama.start();
        PlimsollContainer plimsoll = PlimsollContainer.before(fake.uri())) {
      plimsoll.start();
      ask(plimsoll);

      String mapped = plimsoll.run("cat", "/proc/1/maps");

      assertThat(mapped).contains("/app/native/").doesNotContainPattern(" /tmp/\\S*\\.so");
    }
  }

  @Test
  void theCacheOfClassesIsOpened() {
    try (FakeOllama fake = FakeOllama.start();
        PlimsollContainer plimsoll =
            PlimsollContainer.before(fake.uri())
                .withEnv("PLIMSOLL_JAVA_OPTS", "-Xlog:aot:stderr")) {
      plimsoll.start();

      assertThat(plimsoll.getLogs())
          .contains("Opened AOT cache /app/plimsoll.aot")
          .contains("Using AOT-linked classes: true")
          .doesNotContain("[warning][aot")
          .doesNotContain("[error][aot");
    }
  }

  @Test
  void theHeapIsAShareOfTheLimitAndSmallWithoutOne() throws Exception {
    try (FakeOllama fake = FakeOllama.start();
        PlimsollContainer limited = PlimsollContainer.before(fake.uri());
        PlimsollContainer free = PlimsollContainer.before(fake.uri()).withoutMemoryLimit()) {
      limited.start();
      free.start();

      assertThat(limited.run("cat", "/proc/1/cmdline")).doesNotContain("-Xmx");
      assertThat(free.run("cat", "/proc/1/cmdline")).contains("-Xmx512m");
    }
  }

  @Test
  void whatWasLearntAndCountedIsInTheVolume() throws Exception {
    String volume = "plimsoll-test-" + UUID.randomUUID();
    try (FakeOllama fake =
        FakeOllama.builder().model(FakeModel.named("test:latest").numCtx(7168)).start()) {
      try (PlimsollContainer first = PlimsollContainer.before(fake.uri()).withVolume(volume)) {
        first.start();
        ask(first);
        assertThat(fake.loads()).isEqualTo(1);
        assertThat(first.terminate().getExitCodeLong()).isZero();
      }
      fake.crashRunners(); // so that the window cannot be seen from outside any more

      try (PlimsollContainer second = PlimsollContainer.before(fake.uri()).withVolume(volume)) {
        second.start();

        assertThat(RawClient.get(second.agents(), "/v1/models").text())
            .contains("\"plimsoll_window\":7168");
        assertThat(fake.loads()).isEqualTo(1);
        JsonNode sessions = RawClient.get(second.admin(), "/api/v1/sessions").body().json();
        assertThat(sessions.at("/sessions/0/requests").asInt()).isEqualTo(1);
      }
    } finally {
      BuiltImage.client().removeVolumeCmd(volume).exec();
    }
  }

  @Test
  void anAnswerUnderWayEndsBeforeTheProgramDoes() throws Exception {
    try (FakeOllama fake = FakeOllama.start();
        PlimsollContainer plimsoll = PlimsollContainer.before(fake.uri())) {
      plimsoll.start();
      fake.enqueue(Answer.text("a", "b").repeat(20).between(Duration.ofMillis(100)));
      try (RawClient client = RawClient.connect(plimsoll.agents()).send("POST", CHAT, QUESTION)) {
        client.head();

        CompletableFuture<ContainerState> ended =
            CompletableFuture.supplyAsync(plimsoll::terminate);

        SseText answer = SseText.of(client.response().text());
        assertThat(answer.done()).isTrue();
        assertThat(answer.joined("content")).isEqualTo("a" + "b".repeat(21));
        ContainerState state = ended.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertThat(state.getExitCodeLong()).as(plimsoll.getLogs()).isZero();
        assertThat(state.getOOMKilled()).isNotEqualTo(true);
      }
    }
  }

  @Test
  void bothPortsAreReachedFromOutsideAndItKnowsItsHealth() throws Exception {
    try (PlimsollContainer plimsoll =
        PlimsollContainer.published().withEnv("PLIMSOLL_ADMIN_TOKEN", "sesame")) {
      plimsoll.start();
      URI agents = plimsoll.published(PlimsollContainer.AGENTS);
      URI admin = plimsoll.published(PlimsollContainer.ADMIN);

      assertThat(RawClient.get(agents, "/health").status()).isEqualTo(200);
      assertThat(RawClient.get(admin, "/health/live").status()).isEqualTo(200);
      assertThat(Scrape.parse(RawClient.get(admin, "/metrics").text()).sum("build_info"))
          .isEqualTo(1);
      assertThat(RawClient.get(admin, "/api/v1/sessions").status()).isEqualTo(401);
      assertThat(plimsoll.run("plimsoll", "sessions", "--json")).contains("\"sessions\":[]");
      assertThat(plimsoll.execInContainer("healthcheck").getExitCode()).isZero();
      assertThat(
              plimsoll
                  .execInContainer("sh", "-c", "PLIMSOLL_ADMIN_PORT=9 healthcheck")
                  .getExitCode())
          .isNotZero();
    }
  }
}
