package dev.plimsoll.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Answers every path on which no model speaks: versions, lists, states. */
final class Catalogue {
  private static final String TEXT = "text/plain";
  private static final String JSON = "application/json; charset=utf-8";

  private final Dialect dialect;
  private final LoadedModels models;
  private final int window;
  private final boolean counts;

  Catalogue(Dialect dialect, LoadedModels models, int window, boolean counts) {
    this.dialect = dialect;
    this.models = models;
    this.window = window;
    this.counts = counts;
  }

  Script unknownPath() {
    return dialect.ollama()
        ? Script.whole(404, TEXT, Body.of("404 page not found"))
        : json(
            404,
            "{\"error\":{\"message\":\"File Not"
                + " Found\",\"type\":\"not_found_error\",\"code\":404}}");
  }

  Script wrongMethod(Route route) {
    return dialect.ollama()
        ? Script.whole(
            405,
            List.of(new Header("Allow", route.method()), new Header("Content-Type", TEXT)),
            Body.of("405 method not allowed"))
        : unknownPath();
  }

  /** The response of a path that does not generate. */
  Script of(Route route, JsonNode request) {
    return switch (route) {
      case ROOT -> Script.whole(200, "text/plain; charset=utf-8", Body.of("Ollama is running"));
      case VERSION -> json(200, JsonText.object().put("version", dialect.version()));
      case TAGS -> json(200, tags());
      case PS -> json(200, models.ps());
      case SHOW -> show(request);
      case V1_MODELS -> v1Models();
      case V1_EMBEDDINGS -> embeddings(request);
      case HEALTH -> json(200, "{\"status\":\"ok\"}");
      case PROPS -> json(200, props());
      case TOKENIZE -> counts ? json(200, tokens(request)) : unknownPath();
      case APPLY_TEMPLATE -> counts ? json(200, rendered(request)) : unknownPath();
      case CHAT, GENERATE, V1_CHAT, V1_COMPLETIONS ->
          throw new IllegalArgumentException(route + " needs an answer");
    };
  }

  private ObjectNode tags() {
    ObjectNode node = JsonText.object();
    ArrayNode array = node.putArray("models");
    models.listed().forEach(model -> array.add(model.tag(dialect)));
    return node;
  }

  private Script show(JsonNode request) {
    String name = request.path("model").asText(request.path("name").asText());
    if (name.isEmpty()) {
      return json(400, JsonText.object().put("error", "model is required"));
    }
    return models
        .find(name)
        .map(model -> json(200, model.show(request.path("verbose").asBoolean())))
        .orElseGet(
            () -> json(404, JsonText.object().put("error", "model '" + name + "' not found")));
  }

  private Script v1Models() {
    ObjectNode node = JsonText.object().put("object", "list");
    ArrayNode data = node.putArray("data");
    for (FakeModel model : models.listed()) {
      ObjectNode one = data.addObject().put("id", model.name()).put("object", "model");
      one.put("created", 1_795_493_454).put("owned_by", dialect.ollama() ? "library" : "llamacpp");
      if (!dialect.ollama()) {
        one.putObject("meta").put("n_ctx", window).put("n_ctx_train", model.trainedContext());
      }
    }
    return dialect.ollama()
        ? Script.fromGo(200, "application/json", Body.of(JsonText.go(node) + "\n"))
        : json(200, node);
  }

  private Script embeddings(JsonNode request) {
    int inputs = Math.max(1, request.path("input").isArray() ? request.path("input").size() : 1);
    ObjectNode node = JsonText.object().put("object", "list");
    ArrayNode data = node.putArray("data");
    for (int i = 0; i < inputs; i++) {
      ObjectNode one = data.addObject().put("object", "embedding");
      one.putArray("embedding").add(0.25).add(-0.5);
      one.put("index", i);
    }
    node.put("model", request.path("model").asText());
    node.putObject("usage").put("prompt_tokens", inputs).put("total_tokens", inputs);
    return Script.fromGo(200, "application/json", Body.of(JsonText.go(node) + "\n"));
  }

  private ObjectNode props() {
    ObjectNode node = JsonText.object();
    node.putObject("default_generation_settings").put("n_ctx", window);
    String alias = models.listed().isEmpty() ? "" : models.listed().getFirst().name();
    return node.put("total_slots", 1).put("model_alias", alias).put("build_info", "b0-unknown");
  }

  private static ObjectNode tokens(JsonNode request) {
    ObjectNode node = JsonText.object();
    ArrayNode tokens = node.putArray("tokens");
    WordTokens.of(request.path("content").asText()).forEach(tokens::add);
    return node;
  }

  private static ObjectNode rendered(JsonNode request) {
    return JsonText.object().put("prompt", RenderedPrompt.of(request));
  }

  private static Script json(int status, ObjectNode node) {
    return json(status, JsonText.go(node));
  }

  private static Script json(int status, String text) {
    return Script.fromGo(status, JSON, Body.of(text));
  }
}
