package dev.plimsoll.config;

/** A whole number within a range; the note tells what a special value means, or is empty. */
record WholeNumber(int min, int max, String note) implements ValueType<Integer> {
  WholeNumber(int min, int max) {
    this(min, max, "");
  }

  @Override
  public String accepted() {
    String range = max == Integer.MAX_VALUE ? "of at least " + min : "from " + min + " to " + max;
    return "a whole number " + range + (note.isEmpty() ? "" : " (" + note + ")");
  }

  @Override
  public Read<Integer> read(String text) {
    if (!text.matches("-?\\d+")) {
      return ValueType.refuse(text, "is not a whole number");
    }
    // 19 digits may pass the range of a long; no range here needs more than 10.
    long number = text.length() > 12 ? Long.MAX_VALUE : Long.parseLong(text);
    return number < min || number > max
        ? ValueType.refuse(text, "is out of range")
        : new Read.Good<>((int) number);
  }

  @Override
  public String write(Integer value) {
    return value.toString();
  }
}
