package dev.plimsoll.config;

import java.math.BigDecimal;

/**
 * A part of a whole within a range, such as 0.02.
 *
 * <p>At most four decimals: more would not change anything, and the text of a value stays its own.
 */
record Fraction(double min, double max) implements ValueType<Double> {
  @Override
  public String accepted() {
    return "a number from " + write(min) + " to " + write(max);
  }

  @Override
  public Read<Double> read(String text) {
    if (!text.matches("\\d(\\.\\d{1,4})?")) {
      return ValueType.refuse(text, "is not a number with at most four decimals");
    }
    double value = Double.parseDouble(text);
    return value < min || value > max
        ? ValueType.refuse(text, "is out of range")
        : new Read.Good<>(value);
  }

  @Override
  public String write(Double value) {
    return value == Math.rint(value)
        ? String.valueOf(value.intValue())
        : new BigDecimal(value.toString()).toPlainString();
  }
}
