package dev.plimsoll.soak;

import java.util.List;
import java.util.SplittableRandom;

/**
 * A request as it is sent.
 *
 * @param status what is answered to it, 0 where that depends on the model's server
 */
record Question(String method, String path, String body, int status) {
  private static final String CHAT = "/v1/chat/completions";
  private static final String TOOLS =
      "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"read\",\"parameters\":"
          + "{\"type\":\"object\",\"properties\":{\"path\":{\"type\":\"string\"}}}}}]";

  private static final List<Question> DISCOVERY =
      List.of(
          new Question("GET", "/v1/models", "", 200),
          new Question("GET", "/v1/models/test:latest", "", 200),
          new Question("GET", "/api/version", "", 200),
          new Question("GET", "/api/tags", "", 200),
          new Question("GET", "/api/ps", "", 200),
          new Question("POST", "/api/show", "{\"model\":\"test\"}", 200),
          new Question("GET", "/health", "", 200),
          new Question("GET", "/", "", 200));

  private static final List<Question> REFUSED =
      List.of(
          new Question("GET", "/v1/nothing", "", 404),
          new Question("DELETE", "/v1/models", "", 405),
          new Question("POST", "/api/pull", "{\"model\":\"test\"}", 403),
          new Question("POST", CHAT, "{\"model\":", 400),
          new Question("POST", CHAT, "[]", 400),
          new Question("POST", CHAT, "{\"model\":\"test\"}", 400),
          new Question("POST", CHAT, "{\"model\":\"test\",\"n\":2,\"messages\":[]}", 400));

  static Question discovery(SplittableRandom random) {
    return DISCOVERY.get(random.nextInt(DISCOVERY.size()));
  }

  static Question refused(SplittableRandom random) {
    return REFUSED.get(random.nextInt(REFUSED.size()));
  }

  /** A chat whose first message is that long; the number tells the server what to answer. */
  static Question chat(long number, boolean stream, boolean tools, int padding) {
    String messages =
        """
        {"role":"system","content":"%s"},{"role":"user","content":"%s"}\
        """
            .formatted("lorem ipsum ".repeat(padding / 12), tag(number));
    return asked(CHAT, stream, "\"messages\":[" + messages + "]" + (tools ? "," + TOOLS : ""));
  }

  static Question completion(long number, boolean stream) {
    return asked("/v1/completions", stream, "\"prompt\":\"" + tag(number) + "\"");
  }

  static Question embeddings(long number) {
    return asked("/v1/embeddings", false, "\"input\":\"" + tag(number) + "\"");
  }

  private static Question asked(String path, boolean stream, String fields) {
    String body = "{\"model\":\"test\",\"stream\":" + stream + "," + fields + "}";
    return new Question("POST", path, body, 0);
  }

  /** What the server finds the number by. */
  static String tag(long number) {
    return "scene " + number + ";";
  }
}
