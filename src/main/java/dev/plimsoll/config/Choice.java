package dev.plimsoll.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** One of a few words; their case does not matter, as LOG_LEVEL=INFO is what people write. */
record Choice<E extends Enum<E>>(List<E> words) implements ValueType<E> {
  static <E extends Enum<E>> Choice<E> of(Class<E> type) {
    return new Choice<>(Arrays.asList(type.getEnumConstants()));
  }

  @Override
  public String accepted() {
    return String.join(", ", words.stream().map(this::write).toList());
  }

  @Override
  public Read<E> read(String text) {
    for (E word : words) {
      if (word.name().equalsIgnoreCase(text)) {
        return new Read.Good<>(word);
      }
    }
    return ValueType.refuse(text, "is none of the words known here");
  }

  @Override
  public String write(E value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
