package dev.plimsoll.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTest {
  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions, CHAT",
    "/chat/completions, CHAT",
    "/v1/completions, COMPLETIONS",
    "/v1/embeddings, EMBEDDINGS",
    "/v1/models, MODELS",
    "/models/a/b, MODELS",
    "/api/tags, DISCOVERY",
    "/api/show, DISCOVERY",
    "/api/pull, MANAGEMENT",
    "/api/blobs/sha256:00, MANAGEMENT",
    "/, HEALTH",
    "/health, HEALTH",
    "/v1, OTHER",
    "/v1/v1/models, OTHER",
    "/v2/models, OTHER",
    "/api/blobs, OTHER",
    "'', OTHER",
    "*, OTHER",
  })
  void pathHasItsRoute(String path, Route route) {
    assertThat(Route.of(path)).isEqualTo(route);
  }
}
