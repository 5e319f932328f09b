package dev.plimsoll.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class AdvertisedTest {
  private static final OptionalLong UNKNOWN = OptionalLong.empty();

  private static OptionalLong window(long tokens) {
    return OptionalLong.of(tokens);
  }

  @Test
  void moreThanIsThereIsToldWhileConversationsAreMadeShorter() {
    Advertised told = new Advertised(OptionalInt.empty(), true);

    assertThat(told.of(window(45_056))).isEqualTo(window(200_000));
    assertThat(told.of(window(131_072))).isEqualTo(window(262_144));
    assertThat(told.of(UNKNOWN)).isEqualTo(UNKNOWN);
  }

  @Test
  void theWindowIsToldWhereTheyAreNot() {
    Advertised told = new Advertised(OptionalInt.empty(), false);

    assertThat(told.of(window(45_056))).isEqualTo(window(45_056));
    assertThat(told.of(UNKNOWN)).isEqualTo(UNKNOWN);
  }

  @Test
  void theUsersNumberWins() {
    for (boolean more : new boolean[] {false, true}) {
      Advertised told = new Advertised(OptionalInt.of(8192), more);

      assertThat(told.of(window(45_056))).isEqualTo(window(8192));
      assertThat(told.of(UNKNOWN)).isEqualTo(window(8192));
    }
  }
}
