package dev.plimsoll.config;

import java.util.Optional;

/** A value that may be left out: null in the file, empty elsewhere. */
record OrNull<T>(ValueType<T> type) implements ValueType<Optional<T>> {
  @Override
  public String accepted() {
    return "null, or " + type.accepted();
  }

  @Override
  public Read<Optional<T>> read(String text) {
    if (text.isEmpty() || text.equals("null")) {
      return new Read.Good<>(Optional.empty());
    }
    return switch (type.read(text)) {
      case Read.Good<T>(T value) -> new Read.Good<>(Optional.of(value));
      case Read.Bad<T>(String why) -> new Read.Bad<>(why);
    };
  }

  @Override
  public String write(Optional<T> value) {
    return value.map(type::write).orElse("null");
  }
}
