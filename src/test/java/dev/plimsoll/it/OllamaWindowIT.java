package dev.plimsoll.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.testing.FakeModel;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.Fault;
import dev.plimsoll.testing.Header;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which window a model is asked with, and that it is loaded with it once. */
class OllamaWindowIT {
  @TempDir private Path folder;

  private RunningPlimsoll kept(FakeOllama fake, String... more) {
    List<String> settings = new ArrayList<>(List.of("upstream.url=" + fake.uri()));
    settings.addAll(List.of(more));
    return RunningPlimsoll.in(folder, settings.toArray(String[]::new));
  }

  private static long windowAsked(FakeOllama fake, RunningPlimsoll plimsoll) throws IOException {
    RawClient.Response response = RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat(true));
    assertThat(response.status()).as(response.text()).isEqualTo(200);
    long window = fake.requests(Route.CHAT).getLast().json().at("/options/num_ctx").asLong();
    assertThat(response.head().header("x-plimsoll-window")).contains(Long.toString(window));
    return window;
  }

  @Test
  void ownWindowGoesBeforeTheGeneralOneBeforeTheLearntOneBeforeTheLoadedOne() throws Exception {
    try (FakeOllama fake = FakeOllama.builder().defaultContext(8192).start()) {
      try (RunningPlimsoll plimsoll = kept(fake)) {
        assertThat(windowAsked(fake, plimsoll)).isEqualTo(8192);
      }
      try (RunningPlimsoll plimsoll = kept(fake, "context.window=6000")) {
        assertThat(windowAsked(fake, plimsoll)).isEqualTo(6000);
      }
      try (RunningPlimsoll plimsoll =
          kept(fake, "context.window=6000", "context.models.test.window=5000")) {
        assertThat(windowAsked(fake, plimsoll)).isEqualTo(5000);
      }
    }
  }

  @Test
  void learntWindowSurvivesARestartAndSavesTheLoad() throws Exception {
    try (FakeOllama fake = FakeOllama.builder().defaultContext(8192).start()) {
      try (RunningPlimsoll plimsoll = kept(fake)) {
        assertThat(windowAsked(fake, plimsoll)).isEqualTo(8192);
      }
      assertThat(Files.readString(folder.resolve("windows.json"))).contains("8192");
    }
    try (FakeOllama fake = FakeOllama.builder().defaultContext(16_384).start();
        RunningPlimsoll plimsoll = kept(fake)) {
      assertThat(windowAsked(fake, plimsoll)).isEqualTo(8192);
      assertThat(fake.requests(Route.CHAT)).hasSize(1);
      assertThat(fake.loads()).isEqualTo(1);
    }
  }

  @Test
  void lowerWindowSeenLaterTakesThePlaceOfTheLearntOne() throws Exception {
    FakeModel model = FakeModel.named("test:latest");
    try (FakeOllama fake = FakeOllama.builder().model(model).defaultContext(8192).start();
        RunningPlimsoll plimsoll = kept(fake)) {
      assertThat(windowAsked(fake, plimsoll)).isEqualTo(8192);
    }
    try (FakeOllama fake =
            FakeOllama.builder().model(model.trainedContext(2048)).defaultContext(8192).start();
        RunningPlimsoll plimsoll = kept(fake)) {
      // The first answer makes the server load it, with less than was asked for.
      assertThat(windowAsked(fake, plimsoll)).isEqualTo(8192);
      fake.enqueue(Fault.contextExceeded(3000, 2048));
      assertThat(RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat(true)).status()).isEqualTo(400);
    }
    try (FakeOllama fake =
        FakeOllama.builder().model(model.trainedContext(2048)).defaultContext(8192).start()) {
      RawClient.post(
          fake.uri(), "/api/chat", "{\"model\":\"test\",\"messages\":[],\"stream\":false}");
      try (RunningPlimsoll plimsoll = kept(fake)) {
        RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat(true));
        org.awaitility.Awaitility.await()
            .atMost(Duration.ofSeconds(15))
            .until(() -> windowAsked(fake, plimsoll) == 2048);
      }
    }
  }

  /** Ollama 0.33 runs them in one runner, and lists it by the name that came first. */
  @Test
  void modelThatRunsUnderAnothersNameHasItsWindow() throws Exception {
    FakeModel other = FakeModel.named("other:latest").modelfile("FROM /blobs/sha256-9c\n");
    FakeModel model = FakeModel.named("test:latest").modelfile("FROM /blobs/sha256-1a\n");
    FakeModel twin = FakeModel.named("twin:latest").modelfile("# twin\nFROM /blobs/sha256-1a\n");
    try (FakeOllama fake =
            FakeOllama.builder().model(other.numCtx(3000)).model(model).model(twin).start();
        RunningPlimsoll plimsoll = kept(fake)) {
      assertThat(answers(plimsoll, "other", "test", "twin", "other", "test", "twin"))
          .containsOnly(200);

      assertThat(fake.requests(Route.CHAT).getLast().json().at("/options/num_ctx").asLong())
          .isEqualTo(4096);
      assertThat(fake.loads()).isEqualTo(2);
    }
  }

  private static List<Integer> answers(RunningPlimsoll plimsoll, String... models)
      throws IOException {
    List<Integer> statuses = new ArrayList<>();
    for (String model : models) {
      String body = Ask.chat(model, false, "");
      statuses.add(RawClient.post(plimsoll.uri(), Ask.CHAT, body).status());
    }
    return statuses;
  }

  @Test
  void windowOfTheServersConfigurationIsKeptBesideAPlainOllamaClient() throws Exception {
    try (FakeOllama fake =
            FakeOllama.builder().model(FakeModel.named("test:latest").numCtx(12_000)).start();
        RunningPlimsoll plimsoll = kept(fake)) {
      assertThat(windowAsked(fake, plimsoll)).isEqualTo(12_000);
    }
  }

  private static void ask(RunningPlimsoll plimsoll, int number) throws IOException {
    String path = number % 4 == 1 ? "/v1/completions" : Ask.CHAT;
    String body =
        switch (number % 4) {
          case 0 -> Ask.chat("test", true, ",\"max_tokens\":50");
          case 1 -> "{\"model\":\"test:latest\",\"prompt\":\"p\"}";
          case 2 ->
              Ask.chatOf(
                  "[{\"role\":\"system\",\"content\":\"Generate a title\"},"
                      + "{\"role\":\"user\",\"content\":\"x\"}]",
                  ",\"temperature\":0,\"options\":{\"num_ctx\":77}");
          default -> Ask.chat("test", false, "");
        };
    Header bypass = new Header("x-plimsoll-bypass", number % 5 == 3 ? "true" : "false");
    try (RawClient client = RawClient.connect(plimsoll.uri())) {
      RawClient.Response response = client.send("POST", path, body, bypass).response();
      assertThat(response.status()).as(response.text()).isEqualTo(200);
    }
  }

  @Test
  void twentyRequestsOfAllKindsAtOnceLoadTheModelOnce() throws Exception {
    try (FakeOllama fake =
            FakeOllama.builder().defaultContext(8192).loadTime(Duration.ofMillis(500)).start();
        RunningPlimsoll plimsoll = kept(fake);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> asked = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        int number = i;
        asked.add(
            threads.submit(
                () -> {
                  ask(plimsoll, number);
                  return null;
                }));
      }
      for (Future<?> one : asked) {
        one.get();
      }

      assertThat(fake.loads()).isEqualTo(1);
      assertThat(fake.failures()).isEmpty();
    }
  }
}
