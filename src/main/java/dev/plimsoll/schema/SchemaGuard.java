package dev.plimsoll.schema;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.JsonFormatValidator;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a schema from costing more than it is worth: takes out of it what has no limit, and puts
 * its regular expressions under one.
 *
 * <p>Some expressions take longer than anybody lives, and the validator would let them. So each
 * {@code pattern} is handed to it as a format of our own, about which it asks here; a value for
 * which the steps do not suffice passes. Left out are {@code patternProperties}, with the rules for
 * keys that they belong to; {@code uniqueItems}, which compares all with all; real {@code format}s,
 * which the standard does not assert either; and types that JSON does not have.
 */
final class SchemaGuard implements JsonFormatValidator {
  /** Looks at characters that one pattern may take for one value; some milliseconds. */
  private static final int MOST_STEPS = 200_000;

  private static final String FORMAT = "plimsoll-pattern:";
  private static final Set<Object> TYPES =
      Set.of("string", "integer", "number", "boolean", "object", "array", "null");

  /** The same schema within limits. */
  JsonObject guarded(JsonObject schema) {
    JsonObject guarded = new JsonObject();
    for (Map.Entry<String, Object> member : schema) {
      String name = member.getKey();
      boolean value = name.equals("const") || name.equals("enum");
      guarded.put(name, value ? member.getValue() : guarded(member.getValue()));
    }
    if (schema.getValue("uniqueItems") instanceof Boolean) {
      guarded.remove("uniqueItems");
    }
    if (schema.getValue("format") instanceof String) {
      guarded.remove("format");
    }
    if (hasUnknownType(schema.getValue("type"))) {
      guarded.remove("type");
    }
    if (schema.getValue("patternProperties") instanceof JsonObject) {
      guarded.remove("patternProperties");
      guarded.remove("additionalProperties");
      guarded.remove("unevaluatedProperties");
    }
    if (schema.getValue("pattern") instanceof String pattern) {
      guarded.remove("pattern");
      guarded.put("format", FORMAT + pattern);
    }
    return guarded;
  }

  /** Such as {@code "any"} or {@code "int"}, which no value has. */
  private static boolean hasUnknownType(@Nullable Object type) {
    return switch (type) {
      case null -> false;
      case JsonObject _ -> false; // a parameter that is called "type"
      case JsonArray types -> !types.stream().allMatch(TYPES::contains);
      default -> !TYPES.contains(type);
    };
  }

  private @Nullable Object guarded(@Nullable Object value) {
    return switch (value) {
      case JsonObject object -> guarded(object);
      case JsonArray array -> {
        JsonArray guarded = new JsonArray();
        for (Object element : array) {
          guarded.add(guarded(element));
        }
        yield guarded;
      }
      case null, default -> value;
    };
  }

  @Override
  public @Nullable String validateFormat(
      String type, @Nullable String format, @Nullable Object instance) {
    if (format == null || !format.startsWith(FORMAT) || !(instance instanceof String text)) {
      return null;
    }
    String pattern = format.substring(FORMAT.length());
    try {
      return Pattern.compile(pattern).matcher(new Limited(text)).find()
          ? null
          : "does not match the pattern " + pattern;
    } catch (PatternSyntaxException | OutOfSteps | StackOverflowError e) {
      return null;
    }
  }

  /** A pattern has looked at too many characters. */
  private static final class OutOfSteps extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutOfSteps() {
      super("a pattern takes too many steps", null, false, false);
    }
  }

  /** Text that counts how often somebody looks at it. */
  private static final class Limited implements CharSequence {
    private final String text;
    private int steps;

    Limited(String text) {
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      if (++steps > MOST_STEPS) {
        throw new OutOfSteps();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
