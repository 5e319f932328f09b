package dev.plimsoll.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.metrics.RejectReason;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A Plimsoll before a model server that must see nothing of what is refused. */
final class Door implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] [0-9]{3} ");

  private final FakeOllama fake = FakeOllama.start();
  private final RunningPlimsoll plimsoll;

  Door(String... settings) {
    plimsoll = Behind.OLLAMA.plimsoll(fake, settings);
  }

  /** One of the two ports. */
  enum Side {
    AGENTS,
    OPERATORS
  }

  RunningPlimsoll plimsoll() {
    return plimsoll;
  }

  FakeOllama fake() {
    return fake;
  }

  URI uri(Side side) {
    return side == Side.AGENTS ? plimsoll.uri() : plimsoll.adminUri();
  }

  /** All that comes back for these bytes until the connection is closed. */
  String answers(Side side, byte[] bytes) throws IOException {
    try (RawClient client = RawClient.connect(uri(side))) {
      return client.sendRaw(bytes).rest();
    }
  }

  /** A request that would be served, were it not sent behind another one. */
  private static byte[] next(Side side) {
    String text =
        side == Side.AGENTS
            ? Vector.POST
                + Vector.HOST
                + Vector.JSON
                + "Content-Length: "
                + Ask.chat(false).length()
                + "\r\n\r\n"
                + Ask.chat(false)
            : "GET /health/live HTTP/1.1\r\n" + Vector.HOST + "\r\n";
    return text.getBytes(ISO_8859_1);
  }

  /**
   * Sends it with a good request behind it in the same write: it gets its one answer, is counted
   * once, and neither of the two goes anywhere.
   */
  void refuses(Side side, Vector vector) throws IOException {
    int before = plimsoll.rejections().size();
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(vector.bytes());
    both.writeBytes(next(side));

    String answer = answers(side, both.toByteArray());

    assertThat(answer).startsWith("HTTP/1.").contains(" " + vector.status() + " ");
    assertThat(statusLines(answer)).as(answer).isEqualTo(1);
    assertThat(answer.toLowerCase(Locale.ROOT))
        .contains("connection: close", "x-request-id: req_", "{\"error\":{");
    assertThat(rejectionsSince(before)).containsExactly(vector.reason());
    untouched();
  }

  /** How many answers these are. */
  static long statusLines(String answers) {
    return STATUS_LINE.matcher(answers).results().count();
  }

  /** The reasons told since, once there is one. */
  List<RejectReason> rejectionsSince(int before) {
    await()
        .atMost(LIMIT)
        .pollDelay(Duration.ZERO)
        .until(() -> plimsoll.rejections().size() > before);
    List<RejectReason> all = plimsoll.rejections();
    return all.subList(before, all.size());
  }

  /** The model server has seen nothing. */
  void untouched() {
    assertThat(fake.requestCount()).isZero();
  }

  /** A good request is served as ever. */
  void stillServes() throws IOException {
    assertThat(RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat(true)).status()).isEqualTo(200);
    assertThat(RawClient.get(plimsoll.adminUri(), "/health/live").status()).isEqualTo(200);
  }

  @Override
  public void close() {
    plimsoll.close();
    fake.close();
  }
}
