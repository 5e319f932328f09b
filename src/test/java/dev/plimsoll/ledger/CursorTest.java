package dev.plimsoll.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CursorTest {
  @Test
  void cursorsThatNoListGaveOutAreRefused() {
    assertThat(List.of("", "x", "!!", "AAAAAAAAAAAA", "Af__________"))
        .allSatisfy(text -> assertThat(Cursor.parse(text)).isEmpty());
    assertThat(Cursor.parse(new Cursor(7).text())).contains(new Cursor(7));
  }
}
