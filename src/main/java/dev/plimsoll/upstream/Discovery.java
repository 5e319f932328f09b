package dev.plimsoll.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plimsoll.stream.UpstreamFailure;
import java.util.OptionalLong;

/**
 * What agents discover: the server's models, with the window that an agent may count on.
 *
 * <p>The window told is as {@link Advertised} says; a model whose window is not known yet is told
 * as the server itself tells it. Nothing is loaded to answer a question.
 */
public final class Discovery {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final ModelServer server;
  private final SmallCalls calls;
  private final OllamaModels ollama;

  /** A document for the client, or why there is none. */
  public sealed interface Answer {
    /** The document. */
    record Document(JsonNode json) implements Answer {}

    /** The server's own refusal. */
    record Refused(int status, String message) implements Answer {}

    /** The server could not be asked. */
    record Failed(UpstreamFailure failure) implements Answer {}
  }

  Discovery(ModelServer server, SmallCalls calls, OllamaModels ollama) {
    this.server = server;
    this.calls = calls;
    this.ollama = ollama;
  }

  /** {@code GET /v1/models}, each with its window. */
  public Answer models(Advertised advertised) throws InterruptedException {
    return switch (reached()) {
      case Side.Failed(var failure) -> new Answer.Failed(failure);
      case Side.Is(boolean isOllama) ->
          map(
              calls.get("/v1/models"),
              json -> {
                for (JsonNode model : json.path("data")) {
                  if (model instanceof ObjectNode entry) {
                    tell(entry, window(isOllama, entry), advertised);
                  }
                }
                return json;
              });
    };
  }

  /** {@code GET /v1/models/{id}}; null stands for a model that is not there. */
  public Answer model(String id, Advertised advertised) throws InterruptedException {
    return switch (models(advertised)) {
      case Answer.Document(var json) -> {
        for (JsonNode model : json.path("data")) {
          String name = model.path("id").asText();
          if (name.equals(id) || name.equals(id + ":latest")) {
            yield new Answer.Document(model);
          }
        }
        yield new Answer.Refused(404, "The model server has no such model.");
      }
      case Answer.Refused refused -> refused;
      case Answer.Failed failed -> failed;
    };
  }

  /** {@code POST /api/show}, with the window in place of the trained maximum. */
  public Answer show(String name, String body, Advertised advertised) throws InterruptedException {
    return switch (reached()) {
      case Side.Failed(var failure) -> new Answer.Failed(failure);
      case Side.Is(boolean isOllama) ->
          isOllama
              ? map(calls.post("/api/show", body), json -> shown(name, json, advertised))
              : shownFromList(name, advertised);
    };
  }

  private JsonNode shown(String name, JsonNode json, Advertised advertised)
      throws InterruptedException {
    OptionalLong window =
        ollama.find(name) instanceof Found.Is(var model) ? model.window() : OptionalLong.empty();
    OptionalLong told = advertised.of(window);
    if (told.isPresent() && json.path("model_info") instanceof ObjectNode info) {
      for (String key : info.propertyStream().map(java.util.Map.Entry::getKey).toList()) {
        if (key.endsWith(".context_length")) {
          info.put(key, told.getAsLong());
        }
      }
    }
    return json;
  }

  private Answer shownFromList(String name, Advertised advertised) throws InterruptedException {
    return switch (model(name, advertised)) {
      case Answer.Document(var model) -> {
        ObjectNode json = NODES.objectNode();
        ObjectNode info = json.putObject("model_info");
        info.put("general.architecture", "unknown");
        if (model.has("context_window")) {
          info.put("unknown.context_length", model.path("context_window").asLong());
        }
        json.putObject("details").put("family", "unknown");
        json.putArray("capabilities").add("completion").add("tools");
        yield new Answer.Document(json);
      }
      case Answer.Refused refused -> refused;
      case Answer.Failed failed -> failed;
    };
  }

  /** {@code GET /api/tags}. */
  public Answer tags() throws InterruptedException {
    return nativeOrMade("/api/tags");
  }

  /** {@code GET /api/ps}: the windows in it are the ones really loaded. */
  public Answer loaded() throws InterruptedException {
    return nativeOrMade("/api/ps");
  }

  /** {@code GET /api/version}. */
  public Answer version() throws InterruptedException {
    return switch (reached()) {
      case Side.Failed(var failure) -> new Answer.Failed(failure);
      case Side.Is(boolean isOllama) ->
          isOllama
              ? map(calls.get("/api/version"), json -> json)
              : new Answer.Document(NODES.objectNode().put("version", "0.0.0"));
    };
  }

  private Answer nativeOrMade(String path) throws InterruptedException {
    return switch (reached()) {
      case Side.Failed(var failure) -> new Answer.Failed(failure);
      case Side.Is(boolean isOllama) ->
          isOllama
              ? map(calls.get(path), json -> json)
              : map(calls.get("/v1/models"), Discovery::asTags);
    };
  }

  private static JsonNode asTags(JsonNode list) {
    ObjectNode json = NODES.objectNode();
    ArrayNode models = json.putArray("models");
    for (JsonNode model : list.path("data")) {
      String id = model.path("id").asText();
      ObjectNode entry = models.addObject().put("name", id).put("model", id);
      long window = ownWindow(model);
      if (window > 0) {
        entry.put("context_length", window);
      }
    }
    return json;
  }

  private OptionalLong window(boolean isOllama, JsonNode model) throws InterruptedException {
    if (isOllama) {
      Found found = ollama.find(model.path("id").asText());
      return found instanceof Found.Is(var known) ? known.window() : OptionalLong.empty();
    }
    long own = ownWindow(model);
    return own > 0 ? OptionalLong.of(own) : OptionalLong.empty();
  }

  private static long ownWindow(JsonNode model) {
    long tokens = model.path("meta").path("n_ctx").asLong();
    return tokens > 0 ? tokens : model.path("max_model_len").asLong();
  }

  private static void tell(ObjectNode model, OptionalLong window, Advertised advertised) {
    OptionalLong told = advertised.of(window);
    if (told.isEmpty()) {
      return;
    }
    model.put("context_window", told.getAsLong());
    ObjectNode meta = model.path("meta") instanceof ObjectNode own ? own : model.putObject("meta");
    meta.put("n_ctx", told.getAsLong());
    window.ifPresent(tokens -> meta.put("plimsoll_window", tokens));
  }

  /** Which protocol the server speaks, or why that is unknown. */
  private sealed interface Side {
    record Is(boolean ollama) implements Side {}

    record Failed(UpstreamFailure failure) implements Side {}
  }

  private Side reached() throws InterruptedException {
    return switch (server.reach()) {
      case ModelServer.Reached.Is(var _, boolean isOllama) -> new Side.Is(isOllama);
      case ModelServer.Reached.Failed(var failure) -> new Side.Failed(failure);
    };
  }

  /** Makes the client's document out of the server's. */
  private interface Change {
    JsonNode of(JsonNode json) throws InterruptedException;
  }

  private static Answer map(SmallCalls.Reply reply, Change change) throws InterruptedException {
    return switch (reply) {
      case SmallCalls.Reply.Ok(var json) -> new Answer.Document(change.of(json));
      case SmallCalls.Reply.Refused(int status, var message) -> new Answer.Refused(status, message);
      case SmallCalls.Reply.Failed(var failure) -> new Answer.Failed(failure);
    };
  }
}
