package dev.plimsoll.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The plain reader that other tests trust. */
class SseTextTest {
  @ParameterizedTest
  @EnumSource(Framing.LineEnd.class)
  void eventsEndAtEmptyLines(Framing.LineEnd end) {
    SseText text =
        SseText.of(": ping\n\ndata: a\ndata:b\n\nevent: x\ndata: c\n\n".replace("\n", end.text()));

    assertThat(text.events()).containsExactly("a\nb", "c");
    assertThat(text.comments()).containsExactly("ping");
    assertThat(text.rest()).isEmpty();
  }

  @Test
  void unfinishedEventIsTheRest() {
    SseText text = SseText.of("data: a\n\ndata: {\"b");

    assertThat(text.events()).containsExactly("a");
    assertThat(text.rest()).isEqualTo("data: {\"b");
    assertThat(text.done()).isFalse();
  }
}
