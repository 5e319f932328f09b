package dev.plimsoll.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.cli.BuiltPlimsoll;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.Fault;
import dev.plimsoll.testing.LineOf;
import dev.plimsoll.testing.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real Prometheus reads the metrics of the built program, and its own checker likes them. */
@Tag("real")
class RealPrometheusIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path folder = Path.of("");
  private FakeOllama fake = FakeOllama.start();
  private BuiltPlimsoll plimsoll;

  @BeforeEach
  void traffic() throws Exception {
    Installed.prometheus("prometheus");
    plimsoll = BuiltPlimsoll.start(folder, fake.uri(), "recovery.backoff=1ms");
    fake.enqueue(
        Answer.text("a", "b", "c"), Fault.nativeError(500, "no"), Answer.text("a", "b", "c"));
    for (int i = 0; i < 2; i++) {
      String body =
          "{\"model\":\"test\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
      assertThat(RawClient.post(plimsoll.agents(), "/v1/chat/completions", body).status())
          .isEqualTo(200);
    }
    assertThat(RawClient.get(plimsoll.agents(), "/nothing").status()).isEqualTo(404);
  }

  @AfterEach
  void close() {
    if (plimsoll != null) {
      plimsoll.close();
    }
    fake.close();
  }

  @Test
  void promtoolFindsNothingToComplainOf() throws Exception {
    Path scrape = folder.resolve("scrape.txt");
    Files.writeString(scrape, RawClient.get(plimsoll.operators(), "/metrics").text());

    Process promtool =
        new ProcessBuilder(Installed.prometheus("promtool").toString(), "check", "metrics")
            .redirectInput(scrape.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(promtool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(said).isEmpty();
    assertThat(promtool.exitValue()).isZero();
  }

  @Test
  void prometheusScrapesIt() throws Exception {
    int port = freePort();
    Path config = folder.resolve("prometheus.yml");
    Files.writeString(
        config,
        """
        global: {scrape_interval: 1s}
        scrape_configs:
          - job_name: plimsoll
            static_configs: [{targets: ["%s"]}]
        """
            .formatted(plimsoll.operators().getAuthority()));
    Process prometheus =
        new ProcessBuilder(
                Installed.prometheus("prometheus").toString(),
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("tsdb"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .start();
    try {
      new LineOf(prometheus, Pattern.compile("Server is ready to receive web requests"))
          .await(LIMIT);
      URI api = URI.create("http://127.0.0.1:" + port);

      await().atMost(LIMIT).until(() -> value(api, "up{job=\"plimsoll\"}") == 1);
      assertThat(value(api, "sum(plimsoll_http_requests_total{endpoint=\"chat\"})")).isEqualTo(2);
      assertThat(value(api, "sum(plimsoll_recoveries_total{result=\"recovered\"})")).isEqualTo(1);
      assertThat(value(api, "sum(plimsoll_rejected_requests_total)")).isEqualTo(1);
      assertThat(
              value(
                  api,
                  "histogram_quantile(0.99, sum by (le)"
                      + " (plimsoll_context_utilization_ratio_bucket))"))
          .isLessThanOrEqualTo(0.1);
      assertThat(value(api, "count(plimsoll_build_info{java=~\".+\",vertx=~\".+\"})")).isEqualTo(1);
      assertThat(value(api, "process_resident_memory_bytes")).isPositive();
      assertThat(value(api, "plimsoll_upstream_up")).isEqualTo(1);
    } finally {
      prometheus.destroy();
      assertThat(prometheus.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** The one value of a query; -1 while there is none. */
  private static double value(URI api, String query) throws IOException {
    String escaped = URLEncoder.encode(query, StandardCharsets.UTF_8);
    JsonNode result =
        RawClient.get(api, "/api/v1/query?query=" + escaped).body().json().at("/data/result");
    return result.isEmpty() ? -1 : Double.parseDouble(result.path(0).at("/value/1").asText());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
