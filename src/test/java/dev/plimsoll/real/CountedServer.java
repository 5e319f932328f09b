package dev.plimsoll.real;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.Parsed;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.Context;
import dev.plimsoll.config.Upstream;
import dev.plimsoll.testing.Body;
import dev.plimsoll.tokens.PromptMeasure;
import dev.plimsoll.upstream.Encoded;
import dev.plimsoll.upstream.Found;
import dev.plimsoll.upstream.Loop;
import dev.plimsoll.upstream.Model;
import dev.plimsoll.upstream.ModelServer;
import dev.plimsoll.upstream.Question;
import dev.plimsoll.upstream.UpstreamWatch;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * A real model server whose prompts are counted before they are sent, without the rest of a turn.
 */
final class CountedServer implements AutoCloseable {
  private final URI uri;
  private final Vertx vertx = Vertx.vertx();
  private final Loop loop = new Loop(vertx, vertx.getOrCreateContext(), vertx.createHttpClient());
  private final ModelServer server;

  /**
   * A prompt's tokens.
   *
   * @param planned as they are counted beforehand
   * @param exact whether that is told to be exact
   * @param counted as the server counts them
   */
  record Sample(int planned, boolean exact, int counted) {
    int error() {
      return Math.abs(planned - counted);
    }
  }

  CountedServer(URI uri, int window, Path dataFolder) {
    this.uri = uri;
    this.server =
        new ModelServer(
            ModelServer.client(vertx),
            config(uri, window),
            dataFolder,
            System::nanoTime,
            UpstreamWatch.NONE);
  }

  private static Config config(URI uri, int window) {
    Config all = Config.DEFAULT;
    Upstream known = all.upstream();
    Upstream upstream =
        new Upstream(
            uri,
            known.kind(),
            known.apiKey(),
            known.connectTimeout(),
            known.firstByteTimeout(),
            known.idleTimeout(),
            known.maxConcurrent(),
            known.queue(),
            known.keepAlive(),
            known.allowManagement());
    return new Config(
        all.listen(),
        all.admin(),
        upstream,
        new Context(
            OptionalInt.of(window),
            all.context().advertise(),
            all.context().answerReserve(),
            all.context().safety(),
            all.context().models()),
        all.compaction(),
        all.recovery(),
        all.stream(),
        all.compat(),
        all.store(),
        all.log());
  }

  /** Counts a request, then has the server count it: it answers with a single token. */
  Sample asked(ObjectNode json) throws Exception {
    return sample(json, this::evaluated);
  }

  /**
   * Counts a request, then has the server render it and counts that: much quicker, and the same as
   * long as texts are cut into tokens as the server does it. Ollama only.
   */
  Sample rendered(ObjectNode json) throws Exception {
    return sample(json, this::countedPrompt);
  }

  /** How the other number comes about. */
  private interface Count {
    int of(PromptMeasure measure, String route, String body) throws Exception;
  }

  private Sample sample(ObjectNode json, Count count) throws Exception {
    json.put("max_tokens", 1).put("temperature", 0);
    ChatRequest request = request(json.toString());
    ModelServer.Reached.Is reached = (ModelServer.Reached.Is) server.reach();
    Model model = model(reached, request.model());
    PromptMeasure measure = reached.upstream().measure(loop, model, request, _ -> {});
    int planned = (int) measure.plan(request).tokens();
    Encoded.Ready ready = (Encoded.Ready) reached.upstream().encode(Question.of(request), model);
    String body = new String(ready.body(), StandardCharsets.UTF_8);
    return new Sample(planned, measure.exact(), count.of(measure, ready.route(), body));
  }

  private int evaluated(PromptMeasure measure, String route, String body) throws Exception {
    return counted(post(route, body).text());
  }

  private int countedPrompt(PromptMeasure measure, String route, String body) throws Exception {
    String asked = "{\"_debug_render_only\":true," + body.substring(1);
    String prompt = post(route, asked).json().at("/_debug_info/rendered_template").asText();
    return measure.counter().messages().text(prompt);
  }

  private Http.Answer post(String route, String body) throws Exception {
    Http.Answer answer = Http.post(uri.resolve(route), body);
    if (answer.status() != 200) {
      throw new IllegalStateException(answer.text());
    }
    return answer;
  }

  private static ChatRequest request(String json) {
    return switch (ChatRequest.parse(json.getBytes(StandardCharsets.UTF_8))) {
      case Parsed.Good<ChatRequest>(ChatRequest good) -> good;
      case Parsed.Bad<ChatRequest>(var error) ->
          throw new IllegalArgumentException(error.message());
    };
  }

  private Model model(ModelServer.Reached.Is reached, String name) throws InterruptedException {
    Found found = reached.upstream().find(name);
    if (found instanceof Found.Is(Model model)) {
      found = reached.upstream().prepare(loop, model, _ -> {});
    }
    if (found instanceof Found.Is(Model model)) {
      return model;
    }
    throw new IllegalStateException(found.toString());
  }

  /** What the last line that counts says: Ollama's NDJSON or OpenAI's events. */
  private static int counted(String stream) {
    int counted = 0;
    for (String line : stream.split("\n", -1)) {
      int start = line.indexOf('{');
      if (start >= 0) {
        JsonNode json = Body.of(line.substring(start)).json();
        counted = Math.max(counted, json.path("prompt_eval_count").asInt());
        counted = Math.max(counted, json.at("/usage/prompt_tokens").asInt());
      }
    }
    return counted;
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
