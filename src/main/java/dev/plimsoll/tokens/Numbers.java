package dev.plimsoll.tokens;

import java.math.BigDecimal;

/** Number texts as Go writes them once they went through a 64-bit float. */
final class Numbers {
  private static final double LARGEST_PLAIN = 1e21;
  private static final double SMALLEST_PLAIN = 1e-6;
  private static final int PRINTED_PLAIN = 6;

  private Numbers() {}

  /** As {@code json.Marshal} writes it; without floats a number stays as it came. */
  static String json(String number, boolean floats) {
    double value = Double.parseDouble(number);
    if (!floats || Double.isInfinite(value)) {
      return number;
    }
    double size = Math.abs(value);
    if (size != 0 && (size < SMALLEST_PLAIN || size >= LARGEST_PLAIN)) {
      return scientific(value).replaceFirst("e-0(\\d)$", "e-$1");
    }
    return plain(value);
  }

  /** As {@code fmt.Sprintf("%v")} prints it: an exponent from a million on. */
  static String printed(String number) {
    double value = Double.parseDouble(number);
    if (value == 0 || Double.isInfinite(value)) {
      return plain(value);
    }
    BigDecimal digits = digits(value);
    int exponent = digits.precision() - digits.scale() - 1;
    boolean isPlain = exponent >= -4 && exponent < Math.max(PRINTED_PLAIN, 0);
    return isPlain ? plain(value) : scientific(value);
  }

  private static BigDecimal digits(double value) {
    return new BigDecimal(Double.toString(value)).stripTrailingZeros();
  }

  private static String plain(double value) {
    return value == 0 ? "0" : Double.isInfinite(value) ? "+Inf" : digits(value).toPlainString();
  }

  private static String scientific(double value) {
    BigDecimal digits = digits(value);
    String unscaled = digits.unscaledValue().abs().toString();
    int exponent = digits.precision() - digits.scale() - 1;
    String fraction = unscaled.length() > 1 ? "." + unscaled.substring(1) : "";
    String sign = exponent < 0 ? "-" : "+";
    return (value < 0 ? "-" : "")
        + unscaled.charAt(0)
        + fraction
        + "e"
        + sign
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }
}
