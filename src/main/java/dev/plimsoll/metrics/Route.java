package dev.plimsoll.metrics;

import java.util.Locale;

/** What a request on the agents' port asks for; the closed set of a metric's label. */
public enum Route {
  CHAT,
  COMPLETIONS,
  EMBEDDINGS,
  /** The list of models, or one of it. */
  MODELS,
  /** Ollama's questions about models. */
  DISCOVERY,
  /** Ollama's routes that change models. */
  MANAGEMENT,
  /** Whether the proxy is there. */
  HEALTH,
  /** No path that Plimsoll has. */
  OTHER;

  /** The value of the label. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The route of a path, with or without {@code /v1}, whatever its method. */
  public static Route of(String path) {
    String bare = path.startsWith("/v1/") ? path.substring("/v1".length()) : path;
    return switch (bare) {
      case "/chat/completions" -> CHAT;
      case "/completions" -> COMPLETIONS;
      case "/embeddings" -> EMBEDDINGS;
      case "/models" -> MODELS;
      case "/api/version", "/api/tags", "/api/ps", "/api/show" -> DISCOVERY;
      case "/api/pull", "/api/push", "/api/create", "/api/delete", "/api/copy" -> MANAGEMENT;
      case "/", "/health" -> HEALTH;
      default -> {
        if (bare.startsWith("/models/")) {
          yield MODELS;
        }
        yield bare.startsWith("/api/blobs/") ? MANAGEMENT : OTHER;
      }
    };
  }
}
