package dev.plimsoll.testing;

import com.fasterxml.jackson.databind.JsonNode;

/** What a request wants to know about the form of its answer. */
record Wish(Route route, String model, boolean stream, boolean usage) {
  /** The wish in a parsed body; the native API streams unless told otherwise. */
  static Wish of(Route route, JsonNode body) {
    boolean streamByDefault = !route.openAi();
    return new Wish(
        route,
        body.path("model").asText(),
        body.path("stream").asBoolean(streamByDefault),
        body.path("stream_options").path("include_usage").asBoolean(false));
  }

  Form form(Dialect dialect, Framing framing) {
    if (!route.openAi()) {
      return new NativeForm(model, route == Route.GENERATE);
    }
    SseLines lines = new SseLines(framing.lineEnd());
    return switch (dialect) {
      case OLLAMA_024, OLLAMA_033 -> new OllamaSseForm(this, dialect, lines);
      case LLAMA_SERVER -> new LlamaServerForm(this, lines);
    };
  }
}
