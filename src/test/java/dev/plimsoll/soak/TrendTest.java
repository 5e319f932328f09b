package dev.plimsoll.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The rule that tells flat from growing. */
class TrendTest {
  private static final double[] TIMES =
      IntStream.range(0, 13).mapToDouble(i -> 60 + 20 * i).toArray();

  private static double growth(java.util.function.DoubleUnaryOperator value) {
    return Trend.growth(TIMES, java.util.Arrays.stream(TIMES).map(value).toArray());
  }

  @Test
  void aSteadyLeakShowsInFull() {
    assertThat(growth(time -> 5 + 0.5 * time)).isCloseTo(120, within(0.001));
  }

  @Test
  void aLeakShowsThroughSwingsOfItsOwnSize() {
    SplittableRandom random = new SplittableRandom(1);
    assertThat(growth(time -> time + 40 * random.nextDouble())).isBetween(180.0, 300.0);
  }

  @Test
  void swingsAreNoGrowth() {
    SplittableRandom random = new SplittableRandom(2);
    assertThat(growth(_ -> 100 * random.nextDouble())).isBetween(-60.0, 60.0);
  }

  @Test
  void oneOddSampleIsNoGrowth() {
    assertThat(growth(time -> time == TIMES[12] ? 1000 : 7)).isZero();
    assertThat(growth(time -> time == TIMES[0] ? -1000 : 7)).isZero();
  }
}
