package dev.plimsoll.cli;

import dev.plimsoll.config.Config;
import dev.plimsoll.config.Store;
import dev.plimsoll.config.Upstream;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * Runs the program once with a few requests of its own, so that the JVM's cache of loaded classes
 * holds what a real start and its first answers need.
 *
 * <p>Behind it stands a small model server of its own that speaks both protocols, and the ledger is
 * in a folder that is deleted in the end; nothing real is asked or touched.
 */
final class Rehearsal {
  /** Generous: an image for another processor is built on an emulated one. */
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private static final Map<String, String> OLLAMA =
      Map.of(
          "/api/version", "{\"version\":\"0.0.0\"}",
          "/api/tags", "{\"models\":[{\"name\":\"m:latest\",\"digest\":\"d\"}]}",
          "/api/ps", "{\"models\":[{\"digest\":\"d\",\"context_length\":4096}]}",
          "/api/chat",
              """
              {"message":{"role":"assistant","content":"hi"},"done":false}
              {"message":{"content":""},"done":true,"eval_count":1}
              """);

  private static final String OPENAI =
      """
      data: {"id":"c","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"hi"}}]}

      data: {"id":"c","created":1,"model":"m","choices":[{"delta":{},"finish_reason":"stop"}]}

      data: [DONE]

      """;

  private Rehearsal() {}

  static int run(Config config, Map<String, String> environment) throws Program.StartFailure {
    Vertx stage = Vertx.vertx();
    try (TemporaryFolder folder = TemporaryFolder.make()) {
      HttpServer server =
          stage
              .createHttpServer()
              .requestHandler(Rehearsal::answer)
              .listen(0, "127.0.0.1")
              .toCompletionStage()
              .toCompletableFuture()
              .get();
      for (Upstream.Kind kind : new Upstream.Kind[] {Upstream.Kind.AUTO, Upstream.Kind.OPENAI}) {
        play(behind(config, kind, server.actualPort(), folder), environment);
      }
      return 0;
    } catch (IOException | ExecutionException e) {
      System.err.println("plimsoll: the rehearsal failed: " + e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    } finally {
      var _ = stage.close();
    }
  }

  private static void answer(HttpServerRequest request) {
    boolean openAi = request.path() != null && request.path().startsWith("/v1/");
    request
        .response()
        .putHeader("content-type", openAi ? "text/event-stream" : "application/json")
        .end(openAi ? OPENAI : OLLAMA.getOrDefault(request.path(), "{}"));
  }

  private static Config behind(
      Config config, Upstream.Kind kind, int port, TemporaryFolder folder) {
    Store store =
        new Store(
            Store.Kind.SQLITE,
            Optional.of(folder.path().resolve("ledger.db")),
            Store.DEFAULT.retention(),
            Store.DEFAULT.writeTimeout());
    Upstream own = Upstream.DEFAULT;
    Upstream stage =
        new Upstream(
            URI.create("http://127.0.0.1:" + port),
            kind,
            own.apiKey(),
            own.connectTimeout(),
            own.firstByteTimeout(),
            own.idleTimeout(),
            own.maxConcurrent(),
            own.queue(),
            own.keepAlive(),
            own.allowManagement());
    return new Config(
        config.listen(),
        config.admin(),
        stage,
        config.context(),
        config.compaction(),
        config.recovery(),
        config.stream(),
        config.compat(),
        store,
        config.log());
  }

  private static void play(Config config, Map<String, String> environment)
      throws Program.StartFailure, IOException, InterruptedException {
    Program program = Program.start(config, environment);
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI base = URI.create("http://127.0.0.1:" + program.agentPort());
      for (boolean stream : new boolean[] {false, true}) {
        HttpResponse<String> response =
            client.send(chat(base, stream), HttpResponse.BodyHandlers.ofString());
        check(response, "hi");
      }
      HttpRequest sessions =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + program.adminPort() + "/api/v1/sessions"))
              .timeout(LIMIT)
              .build();
      check(client.send(sessions, HttpResponse.BodyHandlers.ofString()), "sessions");
    } finally {
      program.close();
    }
  }

  private static void check(HttpResponse<String> response, String word) throws IOException {
    if (response.statusCode() != 200 || !response.body().contains(word)) {
      throw new IOException("status " + response.statusCode() + ": " + response.body());
    }
  }

  private static HttpRequest chat(URI base, boolean stream) {
    String body =
        "{\"model\":\"m\",\"stream\":"
            + stream
            + ",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
    return HttpRequest.newBuilder(base.resolve("/v1/chat/completions"))
        .timeout(LIMIT)
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }
}
