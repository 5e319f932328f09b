package dev.plimsoll.config;

import java.util.List;

/** What differs between agents that all speak the same protocol. */
public record Compat(ReasoningField reasoningField) {
  /** The field of a delta that carries reasoning. */
  public enum ReasoningField {
    /** What DeepSeek began and most agents read. */
    REASONING_CONTENT("reasoning_content"),
    /** What OpenRouter and Ollama write. */
    REASONING("reasoning");

    private final String fieldName;

    ReasoningField(String fieldName) {
      this.fieldName = fieldName;
    }

    /** The name in JSON. */
    public String fieldName() {
      return fieldName;
    }
  }

  static final Key<ReasoningField> REASONING_FIELD =
      Key.of(
          "compat.reasoning-field",
          Choice.of(ReasoningField.class),
          c -> c.compat().reasoningField());
  static final List<Key<?>> KEYS = List.of(REASONING_FIELD);

  public static final Compat DEFAULT = new Compat(ReasoningField.REASONING_CONTENT);

  static Compat from(Settings settings) {
    return new Compat(settings.get(REASONING_FIELD));
  }
}
