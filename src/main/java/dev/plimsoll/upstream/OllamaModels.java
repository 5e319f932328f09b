package dev.plimsoll.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.plimsoll.chat.ApiError;
import dev.plimsoll.chat.ErrorCode;
import dev.plimsoll.config.Context;
import dev.plimsoll.config.NearestName;
import dev.plimsoll.stream.UpstreamFailure;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows Ollama's models and the window of each.
 *
 * <p>The window is, in this order: {@code context.models.NAME.window}, {@code context.window}, what
 * {@code /api/ps} last said for the model's digest (kept on disk); else the model must be loaded
 * first. A lower value seen later (Ollama reloads with less when memory is short) takes its place;
 * one that is seen when a prompt did not fit goes even before the configuration.
 */
final class OllamaModels {
  private static final Logger LOG = LoggerFactory.getLogger(OllamaModels.class);

  /** How long the list of models and the list of loaded ones count as fresh. */
  private static final long FRESH_NANOS = 10_000_000_000L;

  private final SmallCalls calls;
  private final Context config;
  private final LearntWindows learnt;
  private final WindowCeilings ceilings = new WindowCeilings();
  private final LongSupplier nanoTime;
  private volatile Map<String, Model> listed = Map.of();

  /** Of the models that were loaded when that was last looked at, by digest. */
  private volatile Map<String, Double> gpuShares = Map.of();

  private volatile long listedAt;
  private volatile long loadedAt;

  OllamaModels(SmallCalls calls, Context config, Path dataFolder, LongSupplier nanoTime) {
    this.calls = calls;
    this.config = config;
    this.learnt = new LearntWindows(dataFolder);
    this.nanoTime = nanoTime;
    this.listedAt = nanoTime.getAsLong() - 2 * FRESH_NANOS;
    this.loadedAt = listedAt;
  }

  /** The model of that name; a name that is not listed is looked up afresh once. */
  Found find(String name) throws InterruptedException {
    Model known = lookUp(name);
    if (known != null) {
      refreshList();
      return new Found.Is(withKnownWindow(known));
    }
    return switch (calls.get("/api/tags")) {
      case SmallCalls.Reply.Ok(var json) -> {
        remember(json);
        Model model = lookUp(name);
        yield model == null ? unknown(name) : new Found.Is(withKnownWindow(model));
      }
      case SmallCalls.Reply.Refused(int status, var message) ->
          new Found.Failed(new UpstreamFailure.Status(status, message, null));
      case SmallCalls.Reply.Failed(var failure) -> new Found.Failed(failure);
    };
  }

  private boolean isFresh(long at) {
    return nanoTime.getAsLong() - at < FRESH_NANOS;
  }

  private @Nullable Model lookUp(String name) {
    Map<String, Model> models = listed;
    Model exact = models.get(name);
    return exact != null ? exact : models.get(name + ":latest");
  }

  private void remember(JsonNode tags) {
    Map<String, Model> models = new LinkedHashMap<>();
    for (JsonNode entry : tags.path("models")) {
      String name = entry.path("name").asText();
      boolean thinks = false;
      for (JsonNode capability : entry.path("capabilities")) {
        thinks |= capability.asText().equals("thinking");
      }
      String digest = entry.path("digest").asText();
      models.put(name, new Model(name, digest, thinks, true, OptionalLong.empty()));
    }
    listed = models;
    listedAt = nanoTime.getAsLong();
  }

  private Found unknown(String name) {
    List<String> near = NearestName.nearest(name, listed.keySet(), 3);
    String hint =
        near.isEmpty()
            ? (listed.isEmpty() ? " It has none: pull one with ollama pull." : "")
            : " Nearest: " + String.join(", ", near) + ".";
    return new Found.Unknown(
        ApiError.of(ErrorCode.MODEL_NOT_FOUND, "The model server has no such model." + hint));
  }

  private Model withKnownWindow(Model model) {
    OptionalLong window = window(model);
    return window.isPresent() ? model.withWindow(window.getAsLong()) : model;
  }

  /** The window as far as it is known without loading anything. */
  OptionalLong window(Model model) {
    OptionalLong configured = configured(model.name());
    return ceilings.below(
        model.digest(), configured.isPresent() ? configured : learnt.get(model.digest()));
  }

  private OptionalLong configured(String name) {
    String shortName = name.endsWith(":latest") ? name.substring(0, name.length() - 7) : name;
    for (String spelling : List.of(name, shortName)) {
      Context.Model own = config.models().get(spelling);
      if (own != null && own.window().isPresent()) {
        return OptionalLong.of(own.window().getAsInt());
      }
    }
    return config.window().isPresent()
        ? OptionalLong.of(config.window().getAsInt())
        : OptionalLong.empty();
  }

  /** Asks what is loaded; learns the windows of it, and how much of it is in the GPU. */
  void learnLoaded() throws InterruptedException {
    learn(loaded());
  }

  /**
   * The same right after this model was loaded: its window is learnt, too, when it runs under
   * another's name. Ollama 0.33 runs models of the same weights in one runner, and its {@code
   * /api/ps} lists only the model for which that was started.
   */
  void learnLoaded(Model model) throws InterruptedException {
    JsonNode loaded = loaded();
    learn(loaded);
    if (window(model).isPresent()) {
      return;
    }
    Optional<String> weights = weights(model.name());
    for (JsonNode entry : loaded) {
      if (weights.isPresent() && weights.equals(weights(entry.path("name").asText()))) {
        learn(model.digest(), entry.path("context_length").asLong());
        return;
      }
    }
  }

  /** The file that a model is built from, as its Modelfile names it. */
  private Optional<String> weights(String name) throws InterruptedException {
    String question = JsonNodeFactory.instance.objectNode().put("model", name).toString();
    return calls.post("/api/show", question) instanceof SmallCalls.Reply.Ok(var json)
        ? json.path("modelfile").asText().lines().filter(l -> l.startsWith("FROM ")).findFirst()
        : Optional.empty();
  }

  private JsonNode loaded() throws InterruptedException {
    return calls.get("/api/ps") instanceof SmallCalls.Reply.Ok(var json)
        ? json.path("models")
        : MissingNode.getInstance();
  }

  private void learn(JsonNode loaded) {
    if (!loaded.isArray()) {
      return;
    }
    loadedAt = nanoTime.getAsLong();
    Map<String, Double> shares = new LinkedHashMap<>();
    for (JsonNode entry : loaded) {
      String digest = entry.path("digest").asText();
      learn(digest, entry.path("context_length").asLong());
      if (entry.path("size").asLong() > 0) {
        shares.put(digest, entry.path("size_vram").asDouble() / entry.path("size").asDouble());
      }
    }
    gpuShares = shares;
  }

  /**
   * A prompt did not fit that should have: asks what is loaded, and believes that.
   *
   * @param most the largest window that it can be; empty when nobody tells
   */
  void shrink(Model model, OptionalLong most) throws InterruptedException {
    JsonNode loaded = loaded();
    learn(loaded);
    long ceiling = most.orElse(Long.MAX_VALUE);
    for (JsonNode entry : loaded) {
      long window = entry.path("context_length").asLong();
      if (entry.path("digest").asText().equals(model.digest()) && window > 0) {
        ceiling = Math.min(ceiling, window);
      }
    }
    if (ceiling < model.window().orElse(0) && ceilings.lower(model.digest(), ceiling)) {
      LOG.atWarn()
          .addKeyValue("window", ceiling)
          .addKeyValue("thought", model.window().orElse(0))
          .log("a model's context window is smaller than was thought");
    }
  }

  /** Asks what costs the server nothing. */
  void probe() throws InterruptedException {
    learnLoaded();
    refreshList();
  }

  /** The server's spelling of a listed model. */
  Optional<String> listed(String name) {
    return Optional.ofNullable(lookUp(name)).map(Model::name);
  }

  /** What is known of the listed models. */
  List<ModelFacts> facts() {
    return listed.values().stream().map(this::facts).toList();
  }

  private ModelFacts facts(Model model) {
    Double share = gpuShares.get(model.digest());
    return new ModelFacts(
        model.name(),
        window(model),
        configured(model.name()).isPresent(),
        share == null ? OptionalDouble.empty() : OptionalDouble.of(share));
  }

  /** Only a lower window replaces a known one: a higher one is another client's loading. */
  void learn(String digest, long tokens) {
    OptionalLong known = learnt.get(digest);
    boolean news = known.isEmpty() || tokens < known.getAsLong();
    if (!digest.isEmpty() && tokens > 0 && news && learnt.learn(digest, tokens)) {
      LOG.atInfo().addKeyValue("window", tokens).log("learnt a model's context window");
    }
  }

  /** Looks again, beside the turn that calls, when what is known of loaded models is old. */
  void refreshLoaded() {
    if (!isFresh(loadedAt)) {
      loadedAt = nanoTime.getAsLong();
      beside("plimsoll-loaded-models", this::learnLoaded);
    }
  }

  private void refreshList() {
    if (!isFresh(listedAt)) {
      listedAt = nanoTime.getAsLong();
      beside(
          "plimsoll-listed-models",
          () -> {
            if (calls.get("/api/tags") instanceof SmallCalls.Reply.Ok(var json)) {
              remember(json);
            }
          });
    }
  }

  /** A question whose answer the turn does not wait for. */
  private interface Question {
    void ask() throws InterruptedException;
  }

  private static void beside(String name, Question question) {
    Thread.ofVirtual()
        .name(name)
        .start(
            () -> {
              try {
                question.ask();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }
}
