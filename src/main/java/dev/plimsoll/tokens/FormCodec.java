package dev.plimsoll.tokens;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plimsoll.chat.Role;
import dev.plimsoll.tokens.ArgumentForm.ValueStyle;
import dev.plimsoll.tokens.RenderForm.CallForm;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A render form as a small JSON document, to be kept on disk. */
public final class FormCodec {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Another way of reading forms gets another number, and older files are then read anew. */
  private static final int VERSION = 1;

  private FormCodec() {}

  /** Writes a form. */
  public static byte[] encode(RenderForm form) {
    ObjectNode json = JSON.createObjectNode();
    json.put("version", VERSION);
    json.put("exact", form.exact());
    ObjectNode joints = json.putObject("joints");
    form.joints().forEach((place, row) -> texts(joints.putObject(place.name()), row, Shape::name));
    texts(json.putObject("bodies"), form.bodies(), Shape::name);
    texts(json.putObject("ends"), form.ends(), Shape.Place::name);
    ObjectNode keeps = json.putObject("keeps");
    form.keeps().forEach((place, count) -> keeps.put(place.name(), count));
    CallForm calls = form.calls();
    if (calls != null) {
      calls(json.putObject("calls"), calls);
    }
    try {
      return JSON.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts", e);
    }
  }

  private static <K> void texts(ObjectNode to, Map<K, String> texts, Function<K, String> name) {
    texts.forEach((key, text) -> to.put(name.apply(key), text));
  }

  private static void calls(ObjectNode to, CallForm calls) {
    to.put("assign", calls.assign()).put("between", calls.between());
    switch (calls.arguments()) {
      case ArgumentForm.Json(JsonStyle style) -> style(to.putObject("json"), style);
      case ArgumentForm.Pairs pairs -> {
        ObjectNode node = to.putObject("pairs");
        node.put("open", pairs.open()).put("assign", pairs.assign());
        node.put("between", pairs.between()).put("close", pairs.close());
        ValueStyle values = pairs.values();
        node.put("sorted", values.sorted()).put("quoted", values.quoted());
        node.put("printed", values.printed()).put("python", values.python());
        style(node.putObject("nested"), values.nested());
      }
    }
  }

  private static void style(ObjectNode to, JsonStyle style) {
    to.put("spaced", style.spaced()).put("sorted", style.sorted());
    to.put("sortedWithin", style.sortedWithin()).put("escapesHtml", style.escapesHtml());
    to.put("floats", style.floats());
  }

  /** Reads what {@link #encode} wrote; empty for anything else. */
  public static Optional<RenderForm> decode(byte[] bytes) {
    try {
      JsonNode json = JSON.readTree(bytes);
      return json.path("version").asInt() == VERSION ? Optional.of(form(json)) : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static RenderForm form(JsonNode json) {
    Map<Shape.Place, Map<Shape, String>> joints = new EnumMap<>(Shape.Place.class);
    json.path("joints")
        .properties()
        .forEach(row -> joints.put(Shape.Place.valueOf(row.getKey()), shapes(row.getValue())));
    Map<Shape.Place, String> ends = new EnumMap<>(Shape.Place.class);
    json.path("ends")
        .properties()
        .forEach(end -> ends.put(Shape.Place.valueOf(end.getKey()), end.getValue().asText()));
    Map<Shape.Place, Integer> keeps = new EnumMap<>(Shape.Place.class);
    json.path("keeps")
        .properties()
        .forEach(keep -> keeps.put(Shape.Place.valueOf(keep.getKey()), keep.getValue().asInt()));
    return new RenderForm(
        joints,
        shapes(json.path("bodies")),
        ends,
        keeps,
        calls(json.path("calls")),
        json.path("exact").asBoolean());
  }

  private static Map<Shape, String> shapes(JsonNode json) {
    Map<Shape, String> shapes = new HashMap<>();
    json.properties().forEach(one -> shapes.put(shape(one.getKey()), one.getValue().asText()));
    return shapes;
  }

  /** Reads what {@link Shape#name} wrote. */
  private static Shape shape(String name) {
    String role = name.split("[+-]", 2)[0];
    return new Shape(
        Role.of(role).orElseThrow(() -> new IllegalArgumentException(role)),
        name.contains("+reasoning"),
        !role.equals(Role.ASSISTANT.label()) || name.contains("+content"),
        name.contains("+calls"),
        name.endsWith("-past"));
  }

  private static @Nullable CallForm calls(JsonNode json) {
    if (json.isMissingNode()) {
      return null;
    }
    JsonNode pairs = json.path("pairs");
    ArgumentForm arguments =
        pairs.isMissingNode() ? new ArgumentForm.Json(style(json.path("json"))) : pairs(pairs);
    return new CallForm(json.path("assign").asText(), json.path("between").asText(), arguments);
  }

  private static ArgumentForm pairs(JsonNode json) {
    ValueStyle values =
        new ValueStyle(
            json.path("sorted").asBoolean(),
            json.path("quoted").asBoolean(),
            style(json.path("nested")),
            json.path("printed").asBoolean(),
            json.path("python").asBoolean());
    return new ArgumentForm.Pairs(
        json.path("open").asText(),
        json.path("assign").asText(),
        json.path("between").asText(),
        json.path("close").asText(),
        values);
  }

  private static JsonStyle style(JsonNode json) {
    return new JsonStyle(
        json.path("spaced").asBoolean(),
        json.path("sorted").asBoolean(),
        json.path("sortedWithin").asBoolean(),
        json.path("escapesHtml").asBoolean(),
        json.path("floats").asBoolean());
  }
}
