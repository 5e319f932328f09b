package dev.plimsoll.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.session.RequestKind;
import dev.plimsoll.testing.Chance;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is next at a model. */
class WaitingLineTest {
  private final WaitingLine<String> line = new WaitingLine<>();

  /** Adds requests such as {@code a1} of session a; {@code t} in front makes it a title. */
  private void add(String requests) {
    for (String one : requests.split(" ", -1)) {
      line.add(session(one), kind(one), one);
    }
  }

  private static String session(String one) {
    return one.startsWith("t") ? one.substring(1, 2) : one.substring(0, 1);
  }

  private static RequestKind kind(String one) {
    return one.startsWith("t") ? RequestKind.TITLE : RequestKind.MAIN;
  }

  private String all(boolean warm) {
    List<String> order = new ArrayList<>();
    String leaver = null;
    while (line.size() > 0) {
      String one = line.next(leaver).orElseThrow();
      leaver = warm && kind(one) == RequestKind.MAIN ? session(one) : null;
      order.add(one);
    }
    assertThat(line.next(null)).isEmpty();
    return String.join(" ", order);
  }

  @ParameterizedTest
  @CsvSource({
    "a1 b1 c1, a1 b1 c1",
    "a1 a2 a3, a1 a2 a3",
    "a1 a2 a3 b1, a1 b1 a2 a3",
    "a1 a2 b1 b2 c1, a1 b1 c1 a2 b2",
    "ta1 b1 a1, b1 a1 ta1",
    "ta1 ta2 tb1, ta1 tb1 ta2",
    "ta1 b1 b2 b3 b4 b5 b6, b1 b2 b3 b4 ta1 b5 b6",
    "ta1 tb1 c1 c2 c3 c4 c5 c6 c7 c8 c9, c1 c2 c3 c4 ta1 c5 c6 c7 c8 tb1 c9",
  })
  void sessionsTakeTurnsAndTitlesWait(String waiting, String order) {
    add(waiting);
    assertThat(all(false)).isEqualTo(order);
  }

  @ParameterizedTest
  @CsvSource({
    "a1 a2 b1 b2, a1 a2 b1 b2",
    "a1 a2 a3 a4 a5 a6 b1, a1 a2 a3 b1 a4 a5 a6",
    "a1 a2 a3 a4 ta1, a1 a2 a3 a4 ta1",
  })
  void sessionGoesOnInItsPlaceForAWhile(String waiting, String order) {
    add(waiting);
    assertThat(all(true)).isEqualTo(order);
  }

  @Test
  void sessionWithTwentyRequestsDoesNotHoldUpOneWithOne() {
    for (int i = 0; i < 20; i++) {
      line.add("a", RequestKind.MAIN, "a" + i);
    }
    line.add("b", RequestKind.MAIN, "b");
    assertThat(line.next("c")).contains("a0");
    assertThat(line.next("c")).contains("b");
    assertThat(line.size()).isEqualTo(19);
  }

  @ParameterizedTest
  @EnumSource
  void onlyTitlesAndSummariesWaitForOthers(RequestKind kind) {
    line.add("a", kind, "first");
    line.add("b", RequestKind.MAIN, "second");
    boolean chore = kind == RequestKind.TITLE || kind == RequestKind.SUMMARY;
    assertThat(line.next(null)).contains(chore ? "second" : "first");
  }

  @Test
  void whoLeavesIsGoneAndHoldsUpNobody() {
    add("a1 a2 b1 ta1");
    assertThat(line.remove("a", RequestKind.MAIN, "a1")).isTrue();
    assertThat(line.remove("a", RequestKind.MAIN, "a1")).isFalse();
    assertThat(line.remove("a", RequestKind.TITLE, "ta1")).isTrue();
    assertThat(line.remove("z", RequestKind.MAIN, "z1")).isFalse();
    assertThat(line.size()).isEqualTo(2);
    assertThat(all(false)).isEqualTo("a2 b1");
  }

  @Test
  void nobodyWaitsForEver() {
    Chance.cases(1, 300, random -> assertThat(run(random)).contains(-1));
  }

  @Test
  void sameCallsGiveTheSameOrder() {
    Chance.cases(
        1,
        50,
        random -> {
          long seed = random.nextLong();
          assertThat(run(new SplittableRandom(seed))).isEqualTo(run(new SplittableRandom(seed)));
        });
  }

  /** Plays some traffic of few sessions, with one request of a session of its own among it. */
  private static List<Integer> run(SplittableRandom random) {
    WaitingLine<Integer> line = new WaitingLine<>();
    int sessions = 1 + random.nextInt(6);
    boolean chore = random.nextBoolean();
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      arrive(line, sessions, i, random);
    }
    line.add("lone", chore ? RequestKind.TITLE : RequestKind.MAIN, -1);
    for (int i = 30; !order.contains(-1); i++) {
      arrive(line, sessions, i, random); // as fast as places become free, or the line would empty
      order.add(line.next("s" + random.nextInt(sessions)).orElseThrow());
      int mains = (WaitingLine.WARM_IN_A_ROW + 1) * (sessions + 1);
      int limit =
          chore
              ? (WaitingLine.OTHERS_BEFORE_CHORE + 1) * (sessions + 1)
              : mains + mains / WaitingLine.OTHERS_BEFORE_CHORE + 1;
      assertThat(order).hasSizeLessThanOrEqualTo(limit);
    }
    return order;
  }

  private static void arrive(
      WaitingLine<Integer> line, int sessions, int number, SplittableRandom random) {
    RequestKind[] kinds = RequestKind.values();
    line.add("s" + random.nextInt(sessions), kinds[random.nextInt(kinds.length)], number);
  }
}
