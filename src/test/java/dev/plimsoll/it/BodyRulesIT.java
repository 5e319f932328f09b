package dev.plimsoll.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.metrics.RejectReason;
import dev.plimsoll.testing.Documents;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.Route;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A body is whole and in order before the model server hears of its request. */
class BodyRulesIT {
  private static final String[] PATHS = {
    Ask.CHAT, "/v1/completions", "/v1/embeddings", "/api/show", "/api/create"
  };

  private static byte[] request(String path, byte[] body, String more) {
    String head =
        "POST "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length
            + "\r\n"
            + more
            + "\r\n";
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.getBytes(ISO_8859_1));
    all.writeBytes(body);
    return all.toByteArray();
  }

  /** Its kind is left to be found out: not even that may be asked for a body that is refused. */
  private static RunningPlimsoll before(FakeOllama fake) {
    return RunningPlimsoll.start(
        "upstream.url=" + fake.uri(), "upstream.allow-management=true", "context.window=4096");
  }

  @Test
  void whatIsNoJsonIsRefusedOnEveryPathAndTheNextRequestIsServed() throws Exception {
    try (FakeOllama fake = FakeOllama.start();
        RunningPlimsoll plimsoll = before(fake);
        RawClient client = RawClient.connect(plimsoll.uri())) {
      int refused = 0;
      for (Map.Entry<String, byte[]> body : Documents.broken().entrySet()) {
        for (String path : PATHS) {
          String more = refused % 2 == 0 ? "" : "x-plimsoll-bypass: true\r\n";
          RawClient.Response response =
              client.sendRaw(request(path, body.getValue(), more)).response();

          assertThat(response.status()).as(path + " " + body.getKey()).isEqualTo(400);
          JsonNode error = response.body().json().path("error");
          assertThat(error.path("code").asText()).isEqualTo("invalid_json");
          assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
          refused++;
        }
      }
      assertThat(fake.requestCount()).isZero();
      assertThat(plimsoll.rejections()).hasSize(refused).containsOnly(RejectReason.JSON);
      assertThat(client.send("POST", Ask.CHAT, Ask.chat(false)).response().status()).isEqualTo(200);
    }
  }

  @Test
  void whatIsJsonPassesAsItIs() throws Exception {
    try (FakeOllama fake = Behind.OPENAI.fake().start();
        RunningPlimsoll plimsoll = Behind.OPENAI.plimsoll(fake);
        RawClient client = RawClient.connect(plimsoll.uri())) {
      for (Map.Entry<String, String> value : Documents.values().entrySet()) {
        String more =
            value.getKey().endsWith("deep") ? "" : ",\"x\":" + value.getValue(); // it is one deeper
        String body = Ask.chat("test", true, ",\"stream_options\":{\"include_usage\":true}" + more);

        assertThat(client.send("POST", Ask.CHAT, body).response().status())
            .as(value.getKey())
            .isEqualTo(200);
        assertThat(fake.requests(Route.V1_CHAT).getLast().body().text()).isEqualTo(body);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Behind.class)
  void markInFrontIsTakenAway(Behind behind) throws Exception {
    try (FakeOllama fake = behind.fake().start();
        RunningPlimsoll plimsoll = behind.plimsoll(fake);
        RawClient client = RawClient.connect(plimsoll.uri())) {
      byte[] chat = ("\ufeff" + Ask.chat(false)).getBytes(UTF_8);
      byte[] input = "\ufeff{\"model\":\"test\",\"input\":\"a\"}".getBytes(UTF_8);

      assertThat(client.sendRaw(request(Ask.CHAT, chat, "")).response().status()).isEqualTo(200);
      assertThat(client.sendRaw(request("/v1/embeddings", input, "")).response().status())
          .isEqualTo(200);
      assertThat(fake.requests(Route.V1_EMBEDDINGS).getFirst().body().text())
          .isEqualTo("{\"model\":\"test\",\"input\":\"a\"}");
    }
  }

  @Test
  void bodyThatIsNotWholeYetIsNotSpokenOf() throws Exception {
    try (FakeOllama fake = FakeOllama.start();
        RunningPlimsoll plimsoll = before(fake)) {
      byte[] whole = request(Ask.CHAT, Ask.chat(false).getBytes(UTF_8), "");
      try (RawClient client = RawClient.connect(plimsoll.uri())) {
        client.sendRaw(Arrays.copyOf(whole, whole.length - 1));
        assertThat(RawClient.get(plimsoll.uri(), "/health").status()).isEqualTo(200);
        assertThat(fake.requestCount()).isZero();

        client.sendRaw(new byte[] {'}'});
        assertThat(client.response().status()).isEqualTo(200);
      }
      try (RawClient client = RawClient.connect(plimsoll.uri())) {
        long before = fake.requestCount();
        client.sendRaw(Arrays.copyOf(whole, whole.length - 1)).reset();
        assertThat(RawClient.get(plimsoll.uri(), "/health").status()).isEqualTo(200);
        assertThat(fake.requestCount()).isEqualTo(before);
      }
      assertThat(plimsoll.rejections()).isEmpty();
    }
  }

  @Test
  void layersOfModelsNeedNotBeJson() throws IOException {
    try (FakeOllama fake = FakeOllama.start();
        RunningPlimsoll plimsoll = before(fake);
        RawClient client = RawClient.connect(plimsoll.uri())) {
      byte[] layer = {0, 1, 2, (byte) 0xff};

      client.sendRaw(request("/api/blobs/sha256:00", layer, "")).response();

      assertThat(fake.requests().getLast().body().bytes()).isEqualTo(layer);
    }
  }
}
