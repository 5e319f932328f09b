package dev.plimsoll.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers as a program in Go writes them; the right sides were printed by one. */
class NumbersTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "1, 1, 1",
    "-7, -7, -7",
    "2.50, 2.5, 2.5",
    "0.1, 0.1, 0.1",
    "123456, 123456, 123456",
    "1000000, 1000000, 1e+06",
    "1234567, 1234567, 1.234567e+06",
    "-1234567.5, -1234567.5, -1.2345675e+06",
    "0.0001, 0.0001, 0.0001",
    "0.00001, 0.00001, 1e-05",
    "0.0000001, 1e-7, 1e-07",
    "1e20, 100000000000000000000, 1e+20",
    "1e21, 1e+21, 1e+21",
    "12345678901234567890, 12345678901234567000, 1.2345678901234567e+19"
  })
  void areWrittenAsGoWritesThem(String number, String json, String printed) {
    assertThat(Numbers.json(number, true)).isEqualTo(json);
    assertThat(Numbers.json(number, false)).isEqualTo(number);
    assertThat(Numbers.printed(number)).isEqualTo(printed);
  }
}
