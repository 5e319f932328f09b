package dev.plimsoll.testing;

import java.util.Arrays;
import java.util.Optional;

/** The paths that a fake knows, each with the only method it takes. */
public enum Route {
  ROOT("GET", "/"),
  VERSION("GET", "/api/version"),
  TAGS("GET", "/api/tags"),
  PS("GET", "/api/ps"),
  SHOW("POST", "/api/show"),
  CHAT("POST", "/api/chat"),
  GENERATE("POST", "/api/generate"),
  V1_MODELS("GET", "/v1/models"),
  V1_CHAT("POST", "/v1/chat/completions"),
  V1_COMPLETIONS("POST", "/v1/completions"),
  V1_EMBEDDINGS("POST", "/v1/embeddings"),
  HEALTH("GET", "/health"),
  PROPS("GET", "/props"),
  TOKENIZE("POST", "/tokenize"),
  APPLY_TEMPLATE("POST", "/apply-template");

  private final String method;
  private final String path;

  Route(String method, String path) {
    this.method = method;
    this.path = path;
  }

  public String method() {
    return method;
  }

  public String path() {
    return path;
  }

  /** Whether a model answers here, so that the common queue of replies is meant. */
  public boolean generates() {
    return this == CHAT || this == GENERATE || this == V1_CHAT || this == V1_COMPLETIONS;
  }

  boolean openAi() {
    return path.startsWith("/v1");
  }

  /** Whether a request of this method may use the path. */
  boolean takes(String asked) {
    return method.equals(asked) || (method.equals("GET") && asked.equals("HEAD"));
  }

  /** The route of a path on a server of that dialect. */
  static Optional<Route> of(String path, Dialect dialect) {
    return Arrays.stream(values())
        .filter(route -> route.path.equals(path) && route.on(dialect))
        .findFirst();
  }

  private boolean on(Dialect dialect) {
    return switch (this) {
      case VERSION, TAGS, PS, SHOW, CHAT, GENERATE, ROOT -> dialect.ollama();
      case HEALTH, PROPS, TOKENIZE, APPLY_TEMPLATE -> !dialect.ollama();
      case V1_MODELS, V1_CHAT, V1_COMPLETIONS, V1_EMBEDDINGS -> true;
    };
  }
}
