package dev.plimsoll.session;

import dev.plimsoll.chat.Body;
import dev.plimsoll.json.JsonString;
import java.util.Locale;

/**
 * A name for a conversation whose client gives it none, made from what stays the same while it
 * grows: the program, the model, the system prompt and the user's first message.
 *
 * <p>Two conversations that begin with the same words are one session: without an id nothing in a
 * request tells them apart.
 */
final class Fingerprint {
  private Fingerprint() {}

  static String of(String userAgent, String model, Conversation conversation) {
    return new Digest()
        .add(family(userAgent))
        .add(plainModel(model))
        .add(StablePrompt.of(conversation.system()))
        .add(conversation.firstUser().strip())
        .hex();
  }

  /** Of a request without messages; its prompt has no part that stays, so it is left out. */
  static String of(String userAgent, Body body) {
    String model = body.string("model").map(JsonString::text).orElse("");
    return new Digest().add(family(userAgent)).add(plainModel(model)).hex();
  }

  /** The program without its version, which an update changes in the middle of a conversation. */
  private static String family(String userAgent) {
    int end = 0;
    while (end < userAgent.length() && "/ (".indexOf(userAgent.charAt(end)) < 0) {
      end++;
    }
    return userAgent.substring(0, end).toLowerCase(Locale.ROOT);
  }

  private static String plainModel(String model) {
    String latest = ":latest";
    return model.endsWith(latest) ? model.substring(0, model.length() - latest.length()) : model;
  }
}
