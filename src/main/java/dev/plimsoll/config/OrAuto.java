package dev.plimsoll.config;

import java.util.OptionalInt;

/** A number, or the word auto for "Plimsoll finds it out". */
record OrAuto(WholeNumber type) implements ValueType<OptionalInt> {
  /** A size in tokens; below 256 not even a system prompt fits. */
  static final OrAuto TOKENS = new OrAuto(new WholeNumber(256, Integer.MAX_VALUE, "tokens"));

  @Override
  public String accepted() {
    return "auto, or " + type.accepted();
  }

  @Override
  public Read<OptionalInt> read(String text) {
    if (text.equals("auto")) {
      return new Read.Good<>(OptionalInt.empty());
    }
    return switch (type.read(text)) {
      case Read.Good<Integer>(Integer value) -> new Read.Good<>(OptionalInt.of(value));
      case Read.Bad<Integer>(String why) -> new Read.Bad<>(why);
    };
  }

  @Override
  public String write(OptionalInt value) {
    return value.isPresent() ? type.write(value.getAsInt()) : "auto";
  }
}
