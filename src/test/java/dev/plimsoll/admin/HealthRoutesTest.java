package dev.plimsoll.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plimsoll.ledger.MemoryLedger;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthRoutesTest {
  private static final Check WELL = Check.up("one", "It is well.");
  private static final Check SO_SO = new Check("two", Check.Status.DEGRADED, "It \"limps\".");
  private static final Check ILL = Check.down("three", "It is ill.");

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void whatIsWellIsUp() throws Exception {
    HttpResponse<String> response = ready("GET", WELL);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    assertThat(response.headers().firstValue("cache-control")).contains("no-store");
    assertThat(response.body())
        .isEqualTo(
            "{\"status\":\"up\",\"checks\":"
                + "[{\"name\":\"one\",\"status\":\"up\",\"detail\":\"It is well.\"}]}");
  }

  @Test
  void whatLimpsStillServes() throws Exception {
    HttpResponse<String> response = ready("GET", WELL, SO_SO);

    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode json = new ObjectMapper().readTree(response.body());
    assertThat(json.path("status").asText()).isEqualTo("degraded");
    assertThat(json.path("checks")).hasSize(2);
  }

  @Test
  void oneThatIsDownMakesAllUnavailable() throws Exception {
    HttpResponse<String> response = ready("GET", SO_SO, ILL, WELL);

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(new ObjectMapper().readTree(response.body()).path("status").asText())
        .isEqualTo("down");
  }

  @Test
  void headHasNoBody() throws Exception {
    HttpResponse<String> response = ready("HEAD", ILL);

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).isEmpty();
    assertThat(response.headers().firstValueAsLong("content-length").orElse(0)).isPositive();
  }

  @Test
  void bugInALookIsAServerError() throws Exception {
    Check.Look broken =
        () -> {
          throw new IllegalStateException("a bug");
        };
    try (AdminServer server =
        new AdminServer(new MemoryLedger(), new HealthRoutes(List.of(broken), List.of()))) {
      assertThat(send(server, "GET", "/health/live").statusCode()).isEqualTo(500);
    }
  }

  private HttpResponse<String> ready(String method, Check... checks) throws Exception {
    List<Check.Look> looks =
        List.of(checks).stream().map(check -> (Check.Look) () -> check).toList();
    try (AdminServer server =
        new AdminServer(new MemoryLedger(), new HealthRoutes(List.of(), looks))) {
      assertThat(send(server, "GET", "/health/live").statusCode()).isEqualTo(200);
      return send(server, method, "/health/ready");
    }
  }

  private HttpResponse<String> send(AdminServer server, String method, String path)
      throws Exception {
    return http.send(
        HttpRequest.newBuilder(server.uri().resolve(path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
