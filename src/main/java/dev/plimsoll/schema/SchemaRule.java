package dev.plimsoll.schema;

import dev.plimsoll.calls.ArgumentRule;
import dev.plimsoll.calls.Defect;
import dev.plimsoll.calls.Flaw;
import dev.plimsoll.calls.Tool;
import dev.plimsoll.json.Slice;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds arguments against the tool's own JSON schema.
 *
 * <p>The schema comes from the client and the arguments from a model, so neither is trusted: a
 * schema that the validator cannot work with counts as none, nothing is fetched, and patterns get
 * no more than a fixed number of steps, see {@link SchemaGuard}. {@code null} for an argument that
 * is not required counts as left out, as agents take it.
 */
public final class SchemaRule implements ArgumentRule {
  private static final Logger LOG = LoggerFactory.getLogger(SchemaRule.class);

  /** References are resolved against it; nothing is there. */
  private static final String BASE = "schema://tool/";

  @Override
  public @Nullable Flaw flaw(Tool tool, String arguments) {
    Slice schema = tool.schema();
    if (schema == null) {
      return null;
    }
    try {
      JsonObject parsed = new JsonObject(text(schema));
      JsonObject given = withoutNulls(new JsonObject(arguments), parsed);
      OutputUnit result = validator(parsed).validate(given);
      return Boolean.TRUE.equals(result.getValid()) ? null : flaw(tool, parsed, given, result);
    } catch (RuntimeException | StackOverflowError e) {
      // Unknown references, values of the wrong kind, endless references: the validator throws.
      LOG.debug("a tool's schema cannot be used", e);
      return null;
    }
  }

  private static String text(Slice slice) {
    return new String(slice.bytes(), slice.start(), slice.length(), StandardCharsets.UTF_8);
  }

  private static Validator validator(JsonObject schema) {
    JsonSchemaOptions options =
        new JsonSchemaOptions()
            .setBaseUri(BASE)
            .setDraft(Draft.DRAFT202012)
            .setOutputFormat(OutputFormat.Basic);
    SchemaGuard guard = new SchemaGuard();
    return Validator.create(JsonSchema.of(guard.guarded(schema)), options, guard);
  }

  private static JsonObject withoutNulls(JsonObject arguments, JsonObject schema) {
    JsonObject kept = new JsonObject();
    for (Map.Entry<String, Object> argument : arguments) {
      if (argument.getValue() != null || required(schema).contains(argument.getKey())) {
        kept.put(argument.getKey(), argument.getValue());
      }
    }
    return kept;
  }

  private static List<String> required(JsonObject schema) {
    List<String> names = new ArrayList<>();
    for (Object name : schema.getJsonArray("required", new JsonArray())) {
      names.add(String.valueOf(name));
    }
    return names;
  }

  /** The first thing that a model can do something about: missing, too much, or wrong. */
  private static Flaw flaw(Tool tool, JsonObject schema, JsonObject given, OutputUnit result) {
    List<String> missing =
        required(schema).stream().filter(name -> !given.containsKey(name)).toList();
    if (!missing.isEmpty()) {
      return new Flaw(
          Defect.MISSING_ARGUMENT, tool.name() + " requires " + String.join(", ", missing) + ".");
    }
    if (Boolean.FALSE.equals(schema.getValue("additionalProperties"))) {
      JsonObject known = schema.getJsonObject("properties", new JsonObject());
      for (String name : given.fieldNames()) {
        if (!known.containsKey(name)) {
          return new Flaw(
              Defect.UNKNOWN_ARGUMENT, tool.name() + " takes no argument \"" + name + "\".");
        }
      }
    }
    return new Flaw(Defect.WRONG_VALUE, tool.name() + ": " + reason(result) + ".");
  }

  /** The innermost reason; those around it only say that there is one. */
  private static String reason(OutputUnit result) {
    List<OutputUnit> errors = result.getErrors();
    if (errors != null) {
      for (OutputUnit error : errors) {
        String keyword = String.valueOf(error.getKeywordLocation());
        if (!keyword.endsWith("/properties") && !keyword.endsWith("/additionalProperties")) {
          return error.getInstanceLocation() + ": " + error.getError();
        }
      }
    }
    return "the arguments do not match its schema";
  }
}
