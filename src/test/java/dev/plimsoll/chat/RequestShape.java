package dev.plimsoll.chat;

import static dev.plimsoll.testing.StrictJson.Kind.ARRAY;
import static dev.plimsoll.testing.StrictJson.Kind.BOOLEAN;
import static dev.plimsoll.testing.StrictJson.Kind.NULL;
import static dev.plimsoll.testing.StrictJson.Kind.NUMBER;
import static dev.plimsoll.testing.StrictJson.Kind.OBJECT;
import static dev.plimsoll.testing.StrictJson.Kind.STRING;

import dev.plimsoll.testing.StrictJson;
import dev.plimsoll.testing.StrictJson.Value;
import java.math.BigInteger;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** Which JSON is a request, said once more and without the parsers' help. */
final class RequestShape {
  private static final List<String> ROLES =
      List.of("system", "developer", "user", "assistant", "tool");

  private RequestShape() {}

  static boolean isObject(StrictJson json) {
    return json.root().kind() == OBJECT && !json.root().repeatsName();
  }

  static boolean isChat(StrictJson json) {
    Value root = json.root();
    return isObject(json)
        && hasModel(root)
        && root.member("messages").filter(RequestShape::areMessages).isPresent()
        && each(root, "tools", tools -> tools.kind() == NULL || isArrayOf(tools, OBJECT))
        && each(root, "stream", RequestShape::isFlag)
        && each(root, "stream_options", RequestShape::areStreamOptions)
        && each(root, "max_tokens", RequestShape::isCap)
        && each(root, "max_completion_tokens", RequestShape::isCap)
        && each(root, "n", n -> n.kind() == NULL || whole(n).orElse(2) <= 1);
  }

  static boolean isCompletion(StrictJson json) {
    Value root = json.root();
    return isObject(json)
        && hasModel(root)
        && root.member("prompt").filter(RequestShape::isPrompt).isPresent()
        && each(root, "max_tokens", RequestShape::isCap);
  }

  private static boolean hasModel(Value root) {
    return root.member("model")
        .filter(model -> model.kind() == STRING && !model.text().isEmpty())
        .isPresent();
  }

  private static boolean areMessages(Value messages) {
    return isArrayOf(messages, OBJECT)
        && !messages.elements().isEmpty()
        && messages.elements().stream().allMatch(RequestShape::isMessage);
  }

  private static boolean isMessage(Value message) {
    List<Value> roles = message.all("role");
    return !message.repeatsName()
        && roles.size() == 1
        && roles.getFirst().kind() == STRING
        && ROLES.contains(roles.getFirst().text())
        && each(message, "content", RequestShape::isContent)
        && each(message, "reasoning_content", value -> is(value, STRING, NULL))
        && each(message, "reasoning", value -> is(value, STRING, NULL))
        && each(message, "tool_call_id", value -> is(value, STRING, NULL))
        && each(message, "tool_calls", calls -> calls.kind() == NULL || isArrayOf(calls, OBJECT));
  }

  private static boolean isContent(Value content) {
    return is(content, STRING, NULL) || isArrayOf(content, OBJECT);
  }

  private static boolean isPrompt(Value prompt) {
    return prompt.kind() == STRING || (isArrayOf(prompt, STRING) && prompt.elements().size() == 1);
  }

  private static boolean areStreamOptions(Value options) {
    return options.kind() == NULL
        || (options.kind() == OBJECT && each(options, "include_usage", RequestShape::isFlag));
  }

  private static boolean isFlag(Value flag) {
    return is(flag, BOOLEAN, NULL);
  }

  private static boolean isCap(Value cap) {
    return cap.kind() == NULL || whole(cap).orElse(0) >= 1;
  }

  /** A number cut to a long; empty when it is none or out of range. */
  static OptionalLong whole(Value number) {
    if (number.kind() != NUMBER) {
      return OptionalLong.empty();
    }
    if (number.text().matches("-?\\d+")) {
      BigInteger value = new BigInteger(number.text());
      return value.bitLength() < Long.SIZE
          ? OptionalLong.of(value.longValue())
          : OptionalLong.empty();
    }
    double value = Double.parseDouble(number.text());
    return Math.abs(value) <= 0x1p63 ? OptionalLong.of((long) value) : OptionalLong.empty();
  }

  private static boolean each(Value object, String name, Predicate<Value> such) {
    return object.all(name).stream().allMatch(such);
  }

  private static boolean isArrayOf(Value array, StrictJson.Kind kind) {
    return array.kind() == ARRAY
        && array.elements().stream().allMatch(element -> element.kind() == kind);
  }

  private static boolean is(Value value, StrictJson.Kind one, StrictJson.Kind other) {
    return value.kind() == one || value.kind() == other;
  }
}
