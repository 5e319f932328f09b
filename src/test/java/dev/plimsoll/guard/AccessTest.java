package dev.plimsoll.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.config.Admin;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {
  private static int status(Access access, String path, @Nullable String authorization) {
    Refusal refusal = access.check(path, authorization);
    return refusal == null ? 200 : refusal.error().status();
  }

  private static Access operators(String host, @Nullable String token) {
    return Access.forOperators(new Admin(host, 1, Optional.ofNullable(token), List.of()));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "Bearer",
        "Bearer ",
        "Bearer a1x",
        "Bearer a",
        "Basic a1",
        "a1",
        "Bearer a1,b2"
      })
  void wrongKeyIsNone(@Nullable String authorization) {
    Access access = Access.forAgents(List.of("a1", "b2"));

    assertThat(status(access, "/v1/models", authorization)).isEqualTo(401);
    assertThat(status(access, "/healthx", authorization)).isEqualTo(401);
    assertThat(status(access, "/health", authorization)).isEqualTo(200);
  }

  @Test
  void eachKeyOpens() {
    Access access = Access.forAgents(List.of("a1", "b2"));

    assertThat(status(access, "/v1/models", "Bearer a1")).isEqualTo(200);
    assertThat(status(access, "/v1/models", "bearer b2")).isEqualTo(200);
    assertThat(status(access, "/v1/models", "BEARER   b2 ")).isEqualTo(200);
  }

  @Test
  void withoutKeysNoneIsAskedFor() {
    assertThat(status(Access.forAgents(List.of()), "/v1/models", null)).isEqualTo(200);
    assertThat(status(operators("127.0.0.1", null), "/api/v1/sessions", null)).isEqualTo(200);
    assertThat(status(operators("::1", null), "/api/v1/sessions", null)).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.7", "gpu.lan"})
  void openPortWithoutATokenServesOnlyMonitors(String host) {
    Access access = operators(host, null);

    assertThat(status(access, "/metrics", null)).isEqualTo(200);
    assertThat(status(access, "/health/ready", null)).isEqualTo(200);
    assertThat(status(access, "/", null)).isEqualTo(403);
    assertThat(status(access, "/api/v1/sessions", "Bearer x")).isEqualTo(403);
    assertThat(status(access, "/metrics/..", null)).isEqualTo(403);
    assertThat(status(operators(host, "t"), "/api/v1/sessions", "Bearer t")).isEqualTo(200);
    assertThat(status(operators(host, "t"), "/api/v1/sessions", null)).isEqualTo(401);
    assertThat(status(operators(host, "t"), "/", null)).isEqualTo(200);
  }
}
