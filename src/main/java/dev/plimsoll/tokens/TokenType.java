package dev.plimsoll.tokens;

/** What kind of thing a token is, with its number in {@code tokenizer.ggml.token_type}. */
enum TokenType {
  UNDEFINED(0),
  NORMAL(1),
  UNKNOWN(2),
  CONTROL(3),
  USER_DEFINED(4),
  UNUSED(5),
  BYTE(6);

  private final byte number;

  TokenType(int number) {
    this.number = (byte) number;
  }

  static TokenType of(int number) {
    for (TokenType type : values()) {
      if (type.number == number) {
        return type;
      }
    }
    return UNDEFINED;
  }

  byte number() {
    return number;
  }

  /** Whether its text is cut out of a prompt before anything else. */
  boolean special() {
    return this == UNKNOWN || this == CONTROL || this == USER_DEFINED;
  }
}
