package dev.plimsoll.calls;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.Parsed;
import dev.plimsoll.json.Slice;
import java.util.List;

/** The tools of a small agent. */
public final class Tools {
  public static final Tool READ =
      tool(
          "read",
          """
          {"type":"object","required":["filePath"],"additionalProperties":false,"properties":{
            "filePath":{"type":"string"},"offset":{"type":"integer"},"limit":{"type":"integer"}}}
          """);
  public static final Tool WRITE =
      tool(
          "write",
          """
          {"type":"object","required":["filePath","content"],"properties":{
            "filePath":{"type":"string"},"content":{"type":"string"}}}
          """);
  public static final Tool SEARCH =
      tool(
          "web_search",
          """
          {"type":"object","required":["query"],"properties":{
            "query":{"type":"string"},"count":{"type":["integer","null"]},
            "safe":{"type":"boolean"},"rate":{"anyOf":[{"type":"number"},{"type":"string"}]},
            "sites":{"type":"array","items":{"type":"string"}},
            "options":{"type":"object"},"anything":{}}}
          """);
  public static final Tool NOW = new Tool("now", null);
  public static final List<Tool> ALL = List.of(READ, WRITE, SEARCH, NOW);
  public static final Toolbox BOX = Toolbox.of(ALL);

  private Tools() {}

  /** A tool with a schema. */
  public static Tool tool(String name, String schema) {
    byte[] bytes = schema.strip().getBytes(UTF_8);
    return new Tool(name, new Slice(bytes, 0, bytes.length));
  }

  /** The tools of a request. */
  static Toolbox of(String fields) {
    String body =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]" + fields + "}";
    return switch (ChatRequest.parse(body.getBytes(UTF_8))) {
      case Parsed.Good<ChatRequest>(var request) -> Toolbox.of(request);
      case Parsed.Bad<ChatRequest>(var error) -> throw new AssertionError(error);
    };
  }
}
