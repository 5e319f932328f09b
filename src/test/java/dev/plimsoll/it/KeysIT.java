package dev.plimsoll.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.metrics.RejectReason;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.Header;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.Route;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who needs a key for what, and that no key is ever shown or passed on. */
class KeysIT {
  private static final String GOOD = "pk-good-1f0c2b7d";
  private static final String OTHER = "pk-other-9a3e5d11";
  private static final String CANARY = "pk-canary-77aa51e0";

  private static RawClient.Response ask(URI uri, String method, String path, String key)
      throws IOException {
    Header[] headers =
        key.isEmpty() ? new Header[0] : new Header[] {new Header("Authorization", key)};
    try (RawClient client = RawClient.connect(uri)) {
      String body = method.equals("POST") ? Ask.chat(false) : "";
      return client.send(method, path, body, headers).response();
    }
  }

  @Test
  void agentsNeedOneOfTheKeys() throws IOException {
    try (FakeOllama fake = FakeOllama.start();
        RunningPlimsoll plimsoll =
            Behind.OLLAMA.plimsoll(fake, "listen.api-keys=" + GOOD + "," + OTHER)) {
      String[] wrong = {
        "", "Bearer", "Bearer ", "Bearer " + CANARY, "Bearer " + GOOD + "x", "Basic " + GOOD, GOOD
      };
      for (String key : wrong) {
        RawClient.Response refused = ask(plimsoll.uri(), "POST", Ask.CHAT, key);

        assertThat(refused.status()).as(key).isEqualTo(401);
        assertThat(refused.head().header("www-authenticate")).contains("Bearer");
        JsonNode error = refused.body().json().path("error");
        assertThat(error.path("type").asText()).isEqualTo("authentication_error");
        assertThat(error.path("code").asText()).isEqualTo("invalid_api_key");
        assertThat(error.path("message").asText()).doesNotContain(CANARY, GOOD);
      }
      assertThat(plimsoll.rejections()).hasSize(wrong.length).containsOnly(RejectReason.AUTH);
      assertThat(ask(plimsoll.uri(), "GET", "/v1/models", "").status()).isEqualTo(401);
      assertThat(ask(plimsoll.uri(), "GET", "/nothing", "").status()).isEqualTo(401);
      assertThat(ask(plimsoll.uri(), "GET", "/health", "").status()).isEqualTo(200);
      assertThat(ask(plimsoll.uri(), "GET", "/", "").status()).isEqualTo(200);
      assertThat(fake.requestCount()).isZero();

      assertThat(ask(plimsoll.uri(), "POST", Ask.CHAT, "Bearer " + GOOD).status()).isEqualTo(200);
      assertThat(ask(plimsoll.uri(), "POST", Ask.CHAT, "bearer  " + OTHER).status()).isEqualTo(200);
      assertThat(ask(plimsoll.adminUri(), "GET", "/api/v1/sessions", "").status()).isEqualTo(200);
    }
  }

  private static String told(RawClient.Response response) {
    return response.text().replaceAll("req_[0-9a-f]+", "ID");
  }

  @Test
  void missingAndWrongKeysGetTheSameAnswer() throws IOException {
    try (FakeOllama fake = FakeOllama.start();
        RunningPlimsoll plimsoll = Behind.OLLAMA.plimsoll(fake, "listen.api-keys=" + GOOD)) {
      RawClient.Response missing = ask(plimsoll.uri(), "POST", Ask.CHAT, "");
      RawClient.Response wrong = ask(plimsoll.uri(), "POST", Ask.CHAT, "Bearer " + CANARY);

      assertThat(told(wrong)).isEqualTo(told(missing));
      assertThat(wrong.head().headers().stream().map(Header::name))
          .isEqualTo(missing.head().headers().stream().map(Header::name).toList());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keyForPlimsollStaysHere(boolean own) throws IOException {
    String[] settings = own ? new String[] {"listen.api-keys=" + GOOD} : new String[0];
    try (FakeOllama fake = Behind.OPENAI.fake().start();
        RunningPlimsoll plimsoll = Behind.OPENAI.plimsoll(fake, settings)) {
      assertThat(ask(plimsoll.uri(), "POST", Ask.CHAT, "Bearer " + GOOD).status()).isEqualTo(200);

      assertThat(fake.requests(Route.V1_CHAT).getFirst().header("authorization").isPresent())
          .isEqualTo(!own);
    }
  }

  @Test
  void sessionsOfTwoKeysAreTwo() throws IOException {
    try (FakeOllama fake = FakeOllama.start();
        RunningPlimsoll plimsoll =
            Behind.OLLAMA.plimsoll(fake, "listen.api-keys=" + GOOD + "," + OTHER)) {
      RawClient.Response one = ask(plimsoll.uri(), "POST", Ask.CHAT, "Bearer " + GOOD);
      RawClient.Response two = ask(plimsoll.uri(), "POST", Ask.CHAT, "Bearer " + OTHER);

      assertThat(one.head().header("x-plimsoll-session"))
          .isNotEqualTo(two.head().header("x-plimsoll-session"));
    }
  }

  @Test
  void canariesAreEchoedNowhere() throws IOException {
    try (FakeOllama fake = FakeOllama.start();
        RunningPlimsoll plimsoll =
            Behind.OLLAMA.plimsoll(fake, "listen.api-keys=" + GOOD, "admin.token=" + OTHER)) {
      String[] requests = {
        "GET /" + CANARY + "?key=" + CANARY + " HTTP/1.1\r\nHost: localhost\r\n",
        "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: " + CANARY + "\r\n",
        "GET / HTTP/1.1\r\nHost: " + CANARY + "\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: https://" + CANARY + "\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nExpect: " + CANARY + "\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: " + CANARY + "\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\n" + CANARY + "\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\n" + CANARY + " : a\r\n",
        CANARY + " / HTTP/1.1\r\nHost: localhost\r\n",
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + CANARY + "\r\n",
      };
      for (String request : requests) {
        for (URI uri : new URI[] {plimsoll.uri(), plimsoll.adminUri()}) {
          try (RawClient client = RawClient.connect(uri)) {
            byte[] bytes = (request + "Connection: close\r\n\r\n").getBytes(ISO_8859_1);
            assertThat(client.sendRaw(bytes).rest()).as(request).doesNotContain("canary");
          }
        }
      }
      for (String body :
          new String[] {
            "{\"" + CANARY + "\":1,\"" + CANARY + "\":2}",
            "{\"model\":" + CANARY + "}",
            "{\"model\":\"m\",\"messages\":[{\"role\":\"" + CANARY + "\"}]}",
            "{\"model\":\"m\",\"messages\":[{\"a " + CANARY + "\":1,\"a " + CANARY + "\":1}]}",
          }) {
        try (RawClient client = RawClient.connect(plimsoll.uri())) {
          RawClient.Response refused =
              client
                  .send("POST", Ask.CHAT, body, new Header("Authorization", "Bearer " + GOOD))
                  .response();

          assertThat(refused.status()).as(body).isEqualTo(400);
          assertThat(refused.text()).doesNotContain("canary");
        }
      }
    }
  }

  @Test
  void operatorsNeedTheToken() throws IOException {
    try (FakeOllama fake = FakeOllama.start();
        RunningPlimsoll plimsoll = Behind.OLLAMA.plimsoll(fake, "admin.token=" + GOOD)) {
      URI admin = plimsoll.adminUri();
      for (String path : new String[] {"/api/v1/sessions", "/nothing"}) {
        RawClient.Response refused = ask(admin, "GET", path, "Bearer " + CANARY);
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.text()).contains("admin.token", "invalid_api_key");
      }
      assertThat(ask(admin, "GET", "/%61pi/v1/sessions", "").status()).isEqualTo(400);
      assertThat(ask(admin, "GET", "/health/live", "").status()).isEqualTo(200);
      assertThat(ask(admin, "GET", "/api/v1/sessions", "Bearer " + GOOD).status()).isEqualTo(200);
      assertThat(ask(plimsoll.uri(), "GET", "/v1/models", "").status()).isEqualTo(200);
    }
  }

  @Test
  void portThatOthersReachIsClosedToOperatorsWithoutAToken() throws IOException {
    try (FakeOllama fake = FakeOllama.start();
        RunningPlimsoll plimsoll = Behind.OLLAMA.plimsoll(fake, "admin.host=0.0.0.0")) {
      URI admin = plimsoll.adminUri();
      for (String path : new String[] {"/", "/api/v1/sessions", "/healthy", "/metricsx"}) {
        RawClient.Response refused = ask(admin, "GET", path, "");
        assertThat(refused.status()).as(path).isEqualTo(403);
        assertThat(refused.text()).contains("admin.token");
      }
      assertThat(ask(admin, "GET", "/health/live", "").status()).isEqualTo(200);
      assertThat(ask(admin, "GET", "/metrics", "").status()).isNotEqualTo(403);
    }
    try (FakeOllama fake = FakeOllama.start();
        RunningPlimsoll plimsoll =
            Behind.OLLAMA.plimsoll(fake, "admin.host=0.0.0.0", "admin.token=" + GOOD)) {
      URI admin = plimsoll.adminUri();
      assertThat(ask(admin, "GET", "/api/v1/sessions", "Bearer " + GOOD).status()).isEqualTo(200);
      assertThat(ask(admin, "GET", "/api/v1/sessions", "").status()).isEqualTo(401);
    }
  }

  @Test
  void newKeysHoldAfterAReload(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("p.yaml");
    try (FakeOllama fake = Behind.OPENAI.fake().start();
        RunningPlimsoll plimsoll = Behind.OPENAI.plimsoll(fake)) {
      assertThat(ask(plimsoll.uri(), "POST", Ask.CHAT, "").status()).isEqualTo(200);

      Files.writeString(file, "listen:\n  api-keys: [" + GOOD + "]\n");
      plimsoll.reload(file);

      assertThat(ask(plimsoll.uri(), "POST", Ask.CHAT, "").status()).isEqualTo(401);
      assertThat(ask(plimsoll.uri(), "POST", Ask.CHAT, "Bearer " + GOOD).status()).isEqualTo(200);
      assertThat(fake.requests(Route.V1_CHAT).getLast().header("authorization")).isEmpty();
    }
  }
}
