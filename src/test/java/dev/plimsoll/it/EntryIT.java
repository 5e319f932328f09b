package dev.plimsoll.it;

import static dev.plimsoll.it.Vector.HOST;
import static dev.plimsoll.it.Vector.JSON;
import static dev.plimsoll.it.Vector.POST;
import static dev.plimsoll.it.Vector.get;
import static dev.plimsoll.it.Vector.lines;
import static dev.plimsoll.it.Vector.target;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.metrics.RejectReason;
import dev.plimsoll.testing.Header;
import dev.plimsoll.testing.RawClient;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a request may go, under which name, from which web page, and carrying what. */
class EntryIT {
  private static final String LISTED = "https://chat.example";

  private static final Door DOOR =
      new Door("listen.allowed-hosts=box.example", "listen.allowed-origins=" + LISTED + ",app://*");

  private static final String CHAT = Ask.chat(false);
  private static final String LENGTH = "Content-Length: " + CHAT.length() + "\r\n";

  @AfterAll
  static void close() {
    DOOR.close();
  }

  private static Vector host(int status, String lines) {
    return new Vector(
        "host " + lines.strip(), status, RejectReason.HOST, "GET / HTTP/1.1\r\n" + lines + "\r\n");
  }

  private static Vector method(int status, RejectReason reason, String line) {
    return new Vector(line, status, reason, line + "\r\n" + HOST + "\r\n");
  }

  private static Vector type(String lines) {
    String text = POST + HOST + LENGTH + lines + "\r\n" + CHAT;
    return new Vector("type " + lines.strip(), 415, RejectReason.CONTENT_TYPE, text);
  }

  static Stream<Vector> onBothPorts() {
    return Stream.of(
        target("/v1/../api/delete", RejectReason.PATH),
        target("/v1/./models", RejectReason.PATH),
        target("/v1/models/..", RejectReason.PATH),
        target("/..?a=b", RejectReason.PATH),
        target("//v1/models", RejectReason.PATH),
        target("/v1//models", RejectReason.PATH),
        target("/v1\\models", RejectReason.PATH),
        target("/v1/models;a=b", RejectReason.PATH),
        target("/v1/models#top", RejectReason.PATH),
        target("/v1/models?a#b", RejectReason.PATH),
        target("/v1%2fmodels", RejectReason.PATH),
        target("/v1%5Cmodels", RejectReason.PATH),
        target("/v1/%2e%2e/api/delete", RejectReason.PATH),
        target("/v1/%2E/models", RejectReason.PATH),
        target("/v1/models%00", RejectReason.PATH),
        target("/v1/models%0d%0aX:%20y", RejectReason.PATH),
        target("/v1/models%3bx", RejectReason.PATH),
        target("/v1/models%252f", RejectReason.PATH),
        target("/v1/models%3fx", RejectReason.PATH),
        target("/v1/models%23x", RejectReason.PATH),
        target("/%761/models", RejectReason.PATH),
        target("/v1/models%", RejectReason.PATH),
        target("/v1/models%zz", RejectReason.PATH),
        target("/v1/models/\u00e9", RejectReason.PATH),
        target("/v1/models/\u00ff", RejectReason.PATH),
        target("v1/models", RejectReason.PATH),
        target("*", RejectReason.PATH),
        target("http://localhost/v1/models", RejectReason.PATH),
        target("http://example.com/", RejectReason.PATH),
        method(400, RejectReason.PATH, "OPTIONS * HTTP/1.1"),
        method(405, RejectReason.METHOD, "CONNECT localhost:11434 HTTP/1.1"),
        method(405, RejectReason.METHOD, "TRACE / HTTP/1.1"),
        host(400, ""),
        host(400, "Host:\r\n"),
        host(400, "Host: :11435\r\n"),
        host(400, "Host: a/b@c\r\n"),
        host(400, "Host: localhost\r\n evil\r\n"),
        host(400, "Host: localhost:port\r\n"),
        host(400, "Host: localhost:\r\n"),
        host(400, "Host: [::1\r\n"),
        host(400, "Host: [::1]x\r\n"),
        host(400, "Host: [localhost]\r\n"),
        host(400, "Host: [127.0.0.1]\r\n"),
        host(400, "Host: localhost\r\nHost: localhost\r\n"),
        host(403, "Host: evil.example\r\n"),
        host(403, "Host: 127.0.0.1.nip.io\r\n"),
        host(403, "Host: localhost.evil.example\r\n"),
        host(403, "Host: 8.8.8.8:11435\r\n"),
        host(403, "Host: 2130706433\r\n"),
        host(403, "Host: 0177.0.0.1\r\n"),
        host(403, "Host: 127.1\r\n"),
        host(403, "Host: [2001:db8::1]\r\n"),
        host(403, "Host: [::ffff:10.0.0.1]\r\n"),
        new Vector("HTTP/1.0 without a host", 400, RejectReason.HOST, "GET / HTTP/1.0\r\n\r\n"),
        get("foreign page", 403, RejectReason.ORIGIN, "Origin: https://evil.example\r\n"),
        get("page from nowhere", 403, RejectReason.ORIGIN, "Origin: null\r\n"),
        get("empty origin", 403, RejectReason.ORIGIN, "Origin:\r\n"),
        get("other port here", 403, RejectReason.ORIGIN, "Origin: http://localhost:3000\r\n"),
        get("listed name and more", 403, RejectReason.ORIGIN, "Origin: " + LISTED + ".evil\r\n"),
        new Vector(
            "preflight of a foreign page",
            403,
            RejectReason.ORIGIN,
            "OPTIONS /v1/chat/completions HTTP/1.1\r\n"
                + HOST
                + "Origin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\n\r\n"),
        lines(
            "POST of a foreign page",
            403,
            RejectReason.ORIGIN,
            "Origin: https://evil.example\r\n" + LENGTH,
            CHAT),
        type(""),
        type("Content-Type: text/plain\r\n"),
        type("Content-Type: multipart/form-data; boundary=x\r\n"),
        type("Content-Type: application/x-www-form-urlencoded\r\n"),
        type("Content-Type: application/jsonp\r\n"),
        type("Content-Type: text/plain, application/json\r\n"),
        type("Content-Type: application/json; charset=utf-16\r\n"),
        type(JSON + "Content-Encoding: gzip\r\n"),
        type(JSON + "Content-Encoding: zstd\r\n"),
        type(JSON + "Content-Encoding: x-own\r\n"));
  }

  @ParameterizedTest
  @MethodSource("onBothPorts")
  void isRefused(Vector vector) throws IOException {
    DOOR.refuses(Door.Side.AGENTS, vector);
    DOOR.refuses(Door.Side.OPERATORS, vector);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LocalHost:11435",
        "127.0.0.1:11435",
        "127.8.9.1",
        "10.0.0.7",
        "172.31.0.1:80",
        "192.168.1.5",
        "169.254.1.1",
        "100.64.0.1",
        "[::1]:11435",
        "[fd00::17]",
        "[fe80::1]:1",
        "box.example:8080"
      })
  void ownNamesAreServed(String host) throws IOException {
    String text = "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    try (RawClient client = RawClient.connect(DOOR.plimsoll().uri())) {
      assertThat(client.sendRaw(text.getBytes(ISO_8859_1)).response().status()).isEqualTo(200);
    }
  }

  @Test
  void refusedHostNamesTheKeyOfItsPort() throws IOException {
    byte[] foreign = "GET / HTTP/1.1\r\nHost: box.lan\r\n\r\n".getBytes(ISO_8859_1);

    assertThat(DOOR.answers(Door.Side.AGENTS, foreign))
        .contains("\"host_not_allowed\"", " listen.allowed-hosts");
    assertThat(DOOR.answers(Door.Side.OPERATORS, foreign))
        .contains("\"host_not_allowed\"", " admin.allowed-hosts");
  }

  private static RawClient.Response sent(String method, String path, Header... headers)
      throws IOException {
    try (RawClient client = RawClient.connect(DOOR.plimsoll().uri())) {
      return client.send(method, path, "", headers).response();
    }
  }

  @Test
  void listedPageMayAskAndRead() throws IOException {
    RawClient.Response preflight =
        sent(
            "OPTIONS",
            "/v1/chat/completions",
            new Header("Origin", LISTED),
            new Header("Access-Control-Request-Method", "POST"),
            new Header("Access-Control-Request-Headers", "authorization, x-stainless-os"));
    assertThat(preflight.status()).isEqualTo(204);
    assertThat(preflight.head().header("Access-Control-Allow-Origin")).contains(LISTED);
    assertThat(preflight.head().header("Access-Control-Allow-Methods").orElseThrow())
        .contains("POST");
    assertThat(preflight.head().header("Access-Control-Allow-Headers"))
        .contains("authorization, x-stainless-os");
    assertThat(preflight.head().header("Vary").orElseThrow()).contains("Origin");

    RawClient.Response answer = sent("GET", "/", new Header("Origin", "app://obsidian.md"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.head().header("Access-Control-Allow-Origin")).contains("app://obsidian.md");
    assertThat(answer.head().header("Access-Control-Expose-Headers").orElseThrow())
        .contains("x-request-id");

    RawClient.Response refused = sent("GET", "/nothing", new Header("Origin", LISTED));
    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.head().header("Access-Control-Allow-Origin")).contains(LISTED);
  }

  @Test
  void pageOfThisPortMayAskWithoutAnyOfThat() throws IOException {
    String own = "http://127.0.0.1:" + DOOR.plimsoll().port();

    RawClient.Response answer = sent("GET", "/", new Header("Origin", own));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.head().header("Access-Control-Allow-Origin")).isEmpty();
    assertThat(sent("OPTIONS", "/v1/models").status()).isEqualTo(405);
  }

  @Test
  void whatNoRouteTakesIsCountedOnceAndKeepsItsConnection() throws IOException {
    int before = DOOR.plimsoll().rejections().size();
    try (RawClient client = RawClient.connect(DOOR.plimsoll().uri())) {
      assertThat(client.send("GET", "/nothing", "").response().status()).isEqualTo(404);
      assertThat(client.send("DELETE", "/v1/models", "").response().status()).isEqualTo(405);
      assertThat(client.send("POST", "/api/pull", "{}").response().status()).isEqualTo(403);
      assertThat(client.send("POST", "/api/show", "{").response().status()).isEqualTo(400);
      assertThat(client.send("POST", Ask.CHAT, "[]").response().status()).isEqualTo(400);
      assertThat(client.send("POST", Ask.CHAT, "{}").response().status()).isEqualTo(400);
      assertThat(client.send("POST", "/v1/embeddings", "{}").response().status()).isEqualTo(400);
    }
    try (RawClient client = RawClient.connect(DOOR.plimsoll().adminUri())) {
      assertThat(client.send("GET", "/nothing", "").response().status()).isEqualTo(404);
      assertThat(client.send("POST", "/health/live", "{}").response().status()).isEqualTo(405);
      assertThat(client.send("GET", "/api/v1/sessions?limit=x", "").response().status())
          .isEqualTo(400);
    }
    assertThat(DOOR.rejectionsSince(before))
        .containsExactly(
            RejectReason.PATH,
            RejectReason.METHOD,
            RejectReason.MANAGEMENT,
            RejectReason.JSON,
            RejectReason.JSON,
            RejectReason.INVALID,
            RejectReason.INVALID,
            RejectReason.PATH,
            RejectReason.METHOD,
            RejectReason.INVALID);
    DOOR.untouched();
  }

  @Test
  void everyAnswerOfBothPortsIsNamed() throws IOException {
    for (Door.Side side : Door.Side.values()) {
      for (String path : new String[] {"/", "/health/live", "/nothing"}) {
        assertThat(RawClient.get(DOOR.uri(side), path).head().header("x-request-id"))
            .as(path)
            .isPresent();
      }
    }
  }
}
