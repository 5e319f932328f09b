package dev.plimsoll.turn;

/** The routes behind which a model answers. */
public enum Endpoint {
  CHAT("/v1/chat/completions"),
  COMPLETION("/v1/completions"),
  EMBEDDINGS("/v1/embeddings");

  private final String route;

  Endpoint(String route) {
    this.route = route;
  }

  /** The path, with its version prefix. */
  public String route() {
    return route;
  }
}
