package dev.plimsoll.config;

/** True or false. */
record YesNo() implements ValueType<Boolean> {
  @Override
  public String accepted() {
    return "true, false";
  }

  @Override
  public Read<Boolean> read(String text) {
    return switch (text) {
      case "true" -> new Read.Good<>(true);
      case "false" -> new Read.Good<>(false);
      default -> ValueType.refuse(text, "is neither true nor false");
    };
  }

  @Override
  public String write(Boolean value) {
    return value.toString();
  }
}
