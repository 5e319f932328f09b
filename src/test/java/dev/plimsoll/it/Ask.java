package dev.plimsoll.it;

/** Requests as agents write them. */
final class Ask {
  static final String CHAT = "/v1/chat/completions";

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
}
