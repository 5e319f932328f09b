package dev.plimsoll.it;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Requests as agents write them. */
final class Ask {
  static final String CHAT = "/v1/chat/completions";

  private static final ObjectMapper JSON = new ObjectMapper();

  private Ask() {}

  /** A chat of one message. */
  static String chat(boolean stream) {
    return chat("test", stream, "");
  }

  /** A chat of one message with more fields, each written {@code ,"name":value}. */
  static String chat(String model, boolean stream, String more) {
    return "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":%s%s}"
        .formatted(model, stream, more);
  }

  /** A chat of these messages, a JSON array. */
  static String chatOf(String messages, String more) {
    return "{\"model\":\"test\",\"messages\":%s%s}".formatted(messages, more);
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }
}
