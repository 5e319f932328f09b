package dev.plimsoll.config;

import java.util.ArrayList;
import java.util.List;

/** Several values of one type, separated by commas; in the file also a list. */
record ListOf<T>(ValueType<T> type) implements ValueType<List<T>> {
  static final char SEPARATOR = ',';

  /** How an empty list is written in the file; elsewhere the empty text does. */
  private static final String NONE = "[]";

  @Override
  public String accepted() {
    return "a list (in one text: separated by commas) of " + type.accepted();
  }

  @Override
  public Read<List<T>> read(String text) {
    List<T> values = new ArrayList<>();
    if (text.isEmpty() || text.equals(NONE)) {
      return new Read.Good<>(values);
    }
    for (String part : text.split(String.valueOf(SEPARATOR), -1)) {
      if (part.isBlank()) {
        return new Read.Bad<>("has an empty entry");
      }
      switch (type.read(part.strip())) {
        case Read.Good<T>(T value) -> values.add(value);
        case Read.Bad<T>(String why) -> {
          return new Read.Bad<>(why);
        }
      }
    }
    return new Read.Good<>(List.copyOf(values));
  }

  @Override
  public String write(List<T> values) {
    return values.isEmpty()
        ? NONE
        : String.join(String.valueOf(SEPARATOR), values.stream().map(type::write).toList());
  }
}
