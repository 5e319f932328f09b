package dev.plimsoll.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a window is shared out. */
class BudgetTest {
  @ParameterizedTest
  @CsvSource({
    "45056, ,     0.02, 8192, 902, 35962",
    "32768, ,     0.02, 8192, 656, 23920",
    "16384, ,     0.02, 4096, 328, 11960",
    "256,   ,     0.02, 64,   6,   186",
    "45056, 2048, 0,    2048, 0,   43008",
    "16384, 8192, 0.5,  4096, 8192, 4096",
    "4096,  8192, 0.02, 2007, 82,  2007"
  })
  void sharesOutAWindow(
      long window, Integer wish, double safety, long reserve, long margin, long prompt) {
    Budget budget = Budget.of(window, wish(wish), safety);

    assertThat(budget).isEqualTo(new Budget(window, reserve, margin));
    assertThat(budget.prompt()).isEqualTo(prompt);
  }

  @Test
  void nothingLeftForThePromptIsABug() {
    assertThatThrownBy(() -> new Budget(1000, 600, 400))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static OptionalInt wish(Integer tokens) {
    return tokens == null ? OptionalInt.empty() : OptionalInt.of(tokens);
  }

  @Test
  void observedErrorsAreKeptApart() {
    ObservedError error = ObservedError.NONE.with(100, 110).with(100, 95).with(100, 0);

    assertThat(error.samples()).isEqualTo(2);
    assertThat(error.missing()).isEqualTo(10);
    assertThat(error.last()).isNegative();
  }
}
