package dev.plimsoll.it;

import static dev.plimsoll.it.Vector.HOST;
import static dev.plimsoll.it.Vector.JSON;
import static dev.plimsoll.it.Vector.POST;
import static dev.plimsoll.it.Vector.get;
import static dev.plimsoll.it.Vector.lines;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.metrics.RejectReason;
import dev.plimsoll.testing.RawClient;
import dev.plimsoll.testing.Route;
import java.io.IOException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests of which two programs could read different things: whoever is refused gets one answer
 * and a closed connection, what he sent behind it is never served, and the model server sees
 * nothing.
 */
class FramingIT {
  private static final Door DOOR = new Door();
  private static final String CHAT = Ask.chat(false);
  private static final String LENGTH = "Content-Length: " + CHAT.length() + "\r\n";
  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";

  /** The body in one chunk. */
  private static final String CHUNKS =
      Integer.toHexString(CHAT.length()) + "\r\n" + CHAT + "\r\n0\r\n\r\n";

  @AfterAll
  static void close() {
    DOOR.close();
  }

  private static Vector bad(String name, String lines, String body) {
    return lines(name, 400, RejectReason.BAD_FRAMING, lines, body);
  }

  private static Vector length(String value) {
    return bad("length " + value, "Content-Length: " + value + "\r\n", CHAT);
  }

  private static Vector encoding(int status, String value) {
    return lines(
        "encoding " + value,
        status,
        RejectReason.BAD_FRAMING,
        "Transfer-Encoding:" + value + "\r\n",
        CHUNKS);
  }

  private static Vector start(String name, int status, String line) {
    return new Vector(name, status, RejectReason.BAD_FRAMING, line + HOST + "\r\n");
  }

  /** What the parser itself refuses, and must go on refusing. */
  static Stream<Vector> parsers() {
    return Stream.of(
        bad("length, then chunked", LENGTH + CHUNKED, CHUNKS),
        bad("chunked, then length", CHUNKED + LENGTH, CHUNKS),
        bad("no length, and chunked", "Content-Length: 0\r\n" + CHUNKED, CHUNKS),
        bad("two lengths", LENGTH + "Content-Length: 1\r\n", CHAT),
        bad("two equal lengths", LENGTH + LENGTH, CHAT),
        length("5, 5"),
        length("+5"),
        length("0x5"),
        length("-1"),
        length("2_0"),
        length(""),
        length("10000000000000000000"),
        encoding(400, " chunked, identity"),
        encoding(400, " identity"),
        encoding(400, " xchunked"),
        encoding(400, " chunked, chunked"),
        encoding(400, " \"chunked\""),
        encoding(400, " \u000bchunked"),
        bad("two equal encodings", CHUNKED + CHUNKED, CHUNKS),
        bad("identity and length", "Transfer-Encoding: identity\r\n" + LENGTH, CHAT),
        bad("space before the colon", "Transfer-Encoding : chunked\r\n", CHUNKS),
        bad("tab before the colon", "Transfer-Encoding\t: chunked\r\n", CHUNKS),
        bad("line feed alone", "X-A: b\n" + LENGTH, CHAT),
        bad("carriage return alone", "X-A: b\r" + LENGTH, CHAT),
        bad("carriage return in a value", "X-A: b\rc\r\n" + LENGTH, CHAT),
        bad("NUL in a value", "X-A: b\0c\r\n" + LENGTH, CHAT),
        bad("NUL in a name", "X-\0A: b\r\n" + LENGTH, CHAT),
        bad("control character in a name", "X-\u0001A: b\r\n" + LENGTH, CHAT),
        bad("0x85 in a name", "X-\u0085A: b\r\n" + LENGTH, CHAT),
        bad("space in a name", "X A: b\r\n" + LENGTH, CHAT),
        bad("no colon", "nothing\r\n" + LENGTH, CHAT),
        new Vector(
            "encoding in HTTP/1.0",
            400,
            RejectReason.BAD_FRAMING,
            "POST /v1/chat/completions HTTP/1.0\r\n" + HOST + JSON + CHUNKED + "\r\n" + CHUNKS),
        start("a vertical tab behind the method", 400, "GET\u000b / HTTP/1.1\r\n"),
        start("a tab between the words", 400, "GET\t/ HTTP/1.1\r\n"),
        start(
            "a carriage return at the edge of a folded line",
            400,
            "GET / HTTP/1.1\r\nX-A: b\r\n \r:c\r\n"),
        start("NULs at the edge of a folded line", 400, "GET / HTTP/1.1\r\nX-A: b\r\n\t\0\0\0\r\n"),
        start("a form feed before the version", 400, "GET /\fHTTP/1.1\r\n"),
        start("leading NUL", 400, "\0" + POST),
        start("leading control character", 400, "\u0001" + POST),
        new Vector(
            "17 KB of header lines",
            431,
            RejectReason.HEADERS,
            POST + HOST + ("X-A: " + "a".repeat(1000) + "\r\n").repeat(17) + "\r\n"),
        new Vector(
            "9 KB of target",
            414,
            RejectReason.HEADERS,
            "GET /" + "a".repeat(9 * 1024) + " HTTP/1.1\r\n" + HOST + "\r\n"),
        new Vector(
            "endless request line", 414, RejectReason.HEADERS, "GET /" + "a".repeat(20_000)));
  }

  @ParameterizedTest
  @MethodSource("parsers")
  void isRefusedByTheParser(Vector vector) throws IOException {
    DOOR.refuses(Door.Side.AGENTS, vector);
    DOOR.refuses(Door.Side.OPERATORS, vector);
  }

  /** What the parser lets through. */
  static Stream<Vector> ours() {
    return Stream.of(
        encoding(501, " identity, chunked"),
        encoding(501, " gzip, chunked"),
        encoding(501, " ,chunked"),
        encoding(501, " chunked,"),
        encoding(501, "\r\n chunked"),
        encoding(501, " chunked\r\n \r\n"),
        lines(
            "two different encodings",
            400,
            RejectReason.HEADERS,
            "Transfer-Encoding: gzip\r\n" + CHUNKED,
            CHUNKS),
        lines("two types", 400, RejectReason.HEADERS, JSON + LENGTH, CHAT),
        lines(
            "two keys",
            400,
            RejectReason.HEADERS,
            "Authorization: Bearer a\r\nauthorization: Bearer b\r\n" + LENGTH,
            CHAT),
        lines(
            "two codings",
            400,
            RejectReason.HEADERS,
            "Content-Encoding: gzip\r\nContent-Encoding: identity\r\n" + LENGTH,
            CHAT),
        get("two origins", 400, RejectReason.HEADERS, "Origin: a\r\nOrigin: b\r\n"),
        get("no name", 400, RejectReason.HEADERS, ": a\r\n"),
        get(
            "101 lines",
            431,
            RejectReason.HEADERS,
            IntStream.range(0, 100).mapToObj(i -> "X-" + i + ": a\r\n").reduce("", String::concat)),
        get(
            "web socket",
            400,
            RejectReason.HEADERS,
            "Connection: Upgrade\r\nUpgrade: websocket\r\n"),
        get("another protocol", 400, RejectReason.HEADERS, "Connection: Upgrade\r\nUpgrade: x\r\n"),
        get("odd expectation", 417, RejectReason.HEADERS, "Expect: 200-ok\r\n"),
        get("GET with a body", 400, RejectReason.BAD_FRAMING, LENGTH),
        get("GET with chunks", 400, RejectReason.BAD_FRAMING, CHUNKED),
        new Vector(
            "no length, but a method that needs no body, and a request as its body",
            400,
            RejectReason.BAD_FRAMING,
            "GET /v1/models HTTP/1.1\r\n" + HOST + LENGTH + "\r\n" + CHAT),
        start("HTTP/1.01", 400, "GET / HTTP/1.01\r\n"),
        start("HTTP/1.9", 505, "GET / HTTP/1.9\r\n"),
        start("HTTP/2.0", 505, "GET / HTTP/2.0\r\n"),
        new Vector(
            "HTTP/2 without asking",
            505,
            RejectReason.BAD_FRAMING,
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
  }

  @ParameterizedTest
  @MethodSource("ours")
  void isRefusedByTheGuard(Vector vector) throws IOException {
    DOOR.refuses(Door.Side.AGENTS, vector);
    DOOR.refuses(Door.Side.OPERATORS, vector);
  }

  static Stream<String> chunks() {
    return Stream.of(
        "ffffffffffffffff1\r\n",
        "100000005\r\n{\"a\":",
        "+5\r\n{\"a\"}\r\n0\r\n\r\n",
        "-5\r\n{\"a\"}\r\n0\r\n\r\n",
        "0x5\r\n{\"a\"}\r\n0\r\n\r\n",
        " 5\r\n{\"a\"}\r\n0\r\n\r\n",
        "5 5\r\n{\"a\"}\r\n0\r\n\r\n",
        "z\r\n",
        "\r\n",
        "5\n{\"a\"}\n0\n\n",
        "5;a\rb\r\n{\"a\"}\r\n0\r\n\r\n",
        "5;a=\"\r\n\"\r\n{\"a\"}\r\n0\r\n\r\n",
        "5\r\n{\"a\"}xx0\r\n\r\n",
        "5\r\n{\"a\"}\n0\r\n\r\n",
        "5\r\n{\"a\"}\r\n0\r\nbad name: x\r\n\r\n");
  }

  @ParameterizedTest
  @MethodSource("chunks")
  void chunksThatAreNoneNeverBecomeARequest(String chunks) throws IOException {
    int before = DOOR.plimsoll().rejections().size();
    String text = POST + HOST + JSON + CHUNKED + "\r\n" + chunks;

    String answer = DOOR.answers(Door.Side.AGENTS, text.getBytes(ISO_8859_1));

    assertThat(answer).contains(" 400 ", "bad_framing");
    assertThat(DOOR.rejectionsSince(before)).containsExactly(RejectReason.BAD_FRAMING);
    DOOR.untouched();
  }

  @Test
  void requestHiddenInABodyIsNeverServed() throws IOException {
    String hidden = POST + HOST + JSON + LENGTH + "\r\n" + CHAT;
    String body = "0\r\n\r\n" + hidden;
    for (String lines :
        new String[] {
          "Content-Length: " + body.length() + "\r\n" + CHUNKED,
          CHUNKED + "Content-Length: " + body.length() + "\r\n",
          "Content-Length: " + body.length() + "\r\nTransfer-Encoding: xchunked\r\n",
          "Content-Length: " + body.length() + "\r\nTransfer-Encoding: identity, chunked\r\n",
          "Content-Length: " + body.length() + "\r\nTransfer-Encoding:\r\n chunked\r\n",
        }) {
      String text = POST + HOST + JSON + lines + "\r\n" + body;

      String answer = DOOR.answers(Door.Side.AGENTS, text.getBytes(ISO_8859_1));

      assertThat(Door.statusLines(answer)).as(answer).isEqualTo(1);
      DOOR.untouched();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"005", "00000000000000005"})
  void lengthWithZeroesInFrontIsALength(String zeroes) throws IOException {
    try (Door door = new Door();
        RawClient client = RawClient.connect(door.plimsoll().uri())) {
      String length = zeroes.substring(0, zeroes.length() - 1) + CHAT.length();
      String text = POST + HOST + JSON + "Content-Length: " + length + "\r\n\r\n" + CHAT;

      assertThat(client.sendRaw(text.getBytes(ISO_8859_1)).response().status()).isEqualTo(200);
      assertThat(door.fake().requests(Route.CHAT)).hasSize(1);
    }
  }

  /** Vert.x knows these names by most of their letters; nobody else does. */
  @ParameterizedTest
  @ValueSource(strings = {"Content-Xength", "content-xength", "Content-!ength"})
  void whatOnlyLooksLikeALengthIsNone(String name) throws IOException {
    String first = "DELETE /v1/models HTTP/1.1\r\n" + HOST;
    String second = "GET /health HTTP/1.1\r\n" + HOST + "\r\n";
    String lines = name + ": " + second.length() + "\r\n\r\n";
    try (RawClient client = RawClient.connect(DOOR.plimsoll().uri())) {
      client.sendRaw((first + lines + second).getBytes(ISO_8859_1));

      assertThat(client.response().status()).isEqualTo(405);
      assertThat(client.response().status()).isEqualTo(200);
    }
  }

  @Test
  void whatOnlyLooksLikeATypeIsNone() throws IOException {
    String lines = "Content-Xype: application/json\r\n" + LENGTH + "\r\n";
    String answer =
        DOOR.answers(Door.Side.AGENTS, (POST + HOST + lines + CHAT).getBytes(ISO_8859_1));

    assertThat(answer).startsWith("HTTP/1.1 415 ");
  }

  @Test
  void whatIsOddButClearIsServed() throws IOException {
    try (Door door = new Door();
        RawClient client = RawClient.connect(door.plimsoll().uri())) {
      String chunk = "000" + Integer.toHexString(CHAT.length()) + ";a=b\r\n" + CHAT;
      String text =
          "\r\n" + POST + HOST + JSON + "transfer-encoding: Chunked\r\nX-A: b\r\n c\r\n\r\n";
      client.sendRaw((text + chunk + "\r\n0\r\nX-Trailer: t\r\n\r\n").getBytes(ISO_8859_1));
      assertThat(client.response().status()).isEqualTo(200);

      String h2c =
          "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n";
      client.sendRaw(("GET / HTTP/1.1\r\n" + HOST + h2c + "\r\n").getBytes(ISO_8859_1));
      assertThat(client.response().text()).isEqualTo("Plimsoll is running");

      client.sendRaw(("GET / HTTP/1.0\r\n" + HOST + "\r\n").getBytes(ISO_8859_1));
      assertThat(client.response().text()).isEqualTo("Plimsoll is running");
    }
  }

  @Test
  void bodyIsAskedForOnlyWhenItIsWelcome() throws IOException {
    try (Door door = new Door()) {
      String expecting = POST + HOST + LENGTH + "Expect: 100-continue\r\n";
      try (RawClient client = RawClient.connect(door.plimsoll().uri())) {
        client.sendRaw((expecting + JSON + "\r\n").getBytes(ISO_8859_1));
        assertThat(client.line()).isEqualTo("HTTP/1.1 100 Continue");
        assertThat(client.line()).isEmpty();
        client.sendRaw(CHAT.getBytes(ISO_8859_1));
        assertThat(client.response().status()).isEqualTo(200);
      }
      String refused =
          door.answers(
              Door.Side.AGENTS,
              (expecting + "Content-Type: text/plain\r\n\r\n").getBytes(ISO_8859_1));
      assertThat(refused).startsWith("HTTP/1.1 415 ").doesNotContain("100 Continue");
    }
  }
}
