package dev.plimsoll.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The form of the recorded exchanges, by examples that need none of them. */
class RecordingTest {
  private static final String HEAD = "HTTP/1.1 404 Not Found\nContent-Type: text/plain\nX: \n\n";

  @Test
  void headAndBodyAreTakenApart() {
    Recording recording = parse(HEAD + "one\n\ntwo");

    assertThat(recording.status()).isEqualTo(404);
    assertThat(recording.reason()).isEqualTo("Not Found");
    assertThat(recording.headers())
        .containsExactly(new Header("Content-Type", "text/plain"), new Header("X", ""));
    assertThat(recording.body().text()).isEqualTo("one\n\ntwo");
    assertThat(recording.end()).isEqualTo(Recording.End.WHOLE);
  }

  @Test
  void networkLineEndsAreReadToo() {
    assertThat(parse(HEAD.replace("\n", "\r\n") + "é").body().text()).isEqualTo("é");
  }

  @Test
  void remarkAtTheEndIsNotBody() {
    Recording byServer = parse(HEAD + "a\n\n<<connection closed by server before the end>>\n");
    Recording byClient = parse(HEAD + "a\n\n<<connection closed by the client here>>\n");

    assertThat(byServer.body().text()).isEqualTo("a\n");
    assertThat(byServer.end()).isEqualTo(Recording.End.CUT_BY_SERVER);
    assertThat(byClient.end()).isEqualTo(Recording.End.CUT_BY_CLIENT);
    assertThat(parse(HEAD + "{}\n<<trimmed: tensors>>\n").end()).isEqualTo(Recording.End.TRIMMED);
  }

  @Test
  void otherTextIsRefused() {
    assertThatThrownBy(() -> parse("{}")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void absentRecordingIsNothing() {
    assertThat(Recording.find("gen-x", "no-such")).isEmpty();
  }

  private static Recording parse(String text) {
    return Recording.parse(Body.of(text).bytes());
  }
}
