package dev.plimsoll.tokens;

import dev.plimsoll.chat.Role;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.Span;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Templates of the kinds that models have, written down as plainly as can be. */
enum Templates {
  /** Every message in the same frame; no calls, no reasoning. */
  PLAIN {
    @Override
    String render(List<MessageText> messages) {
      StringBuilder out = new StringBuilder();
      for (MessageText message : messages) {
        out.append("<|start|>").append(message.role().label()).append('\n');
        out.append(message.content()).append("<|stop|>\n");
      }
      return out.append("<|start|>assistant\n").toString();
    }
  },

  /** Calls as sorted JSON, and only where there is no text; as Go templates of Ollama are. */
  TEXT_OR_CALLS {
    @Override
    String render(List<MessageText> messages) {
      StringBuilder out = new StringBuilder();
      for (MessageText message : messages) {
        if (message.role() == Role.TOOL) {
          out.append("<|start|>user\n<result>\n").append(message.content());
          out.append("\n</result><|stop|>\n");
          continue;
        }
        out.append("<|start|>").append(message.role().label()).append('\n');
        if (message.content().isEmpty() && !message.calls().isEmpty()) {
          for (CallText call : message.calls()) {
            out.append("{\"name\": \"").append(call.name()).append("\", \"arguments\": ");
            out.append(json(call.arguments(), new JsonStyle(false, true, true, true, true)));
            out.append("}\n");
          }
        }
        out.append(message.content()).append("<|stop|>\n");
      }
      return out.append("<|start|>assistant\n").toString();
    }
  },

  /** Calls as tags, results in one block, reasoning only behind the last user; text is trimmed. */
  TAGS {
    @Override
    String render(List<MessageText> messages) {
      StringBuilder out = new StringBuilder();
      int lastUser = Shape.lastUser(messages);
      for (int i = 0; i < messages.size(); i++) {
        MessageText message = messages.get(i);
        switch (message.role()) {
          case TOOL -> {
            out.append(role(messages, i - 1) == Role.TOOL ? "" : "<|start|>user");
            out.append("\n<result>\n").append(message.content().strip()).append("\n</result>");
            out.append(role(messages, i + 1) == Role.TOOL ? "" : "<|stop|>\n");
          }
          case ASSISTANT -> {
            out.append("<|start|>assistant\n");
            if (i > lastUser) {
              out.append("<think>\n").append(message.reasoning().strip()).append("\n</think>\n\n");
            }
            out.append(message.content().strip());
            String gap = message.content().isBlank() ? "" : "\n\n";
            for (CallText call : message.calls()) {
              out.append(gap).append("<call>\n<function=").append(call.name()).append(">\n");
              tags(call, out);
              out.append("</function>\n</call>");
              gap = "\n";
            }
            out.append("<|stop|>\n");
          }
          case SYSTEM, DEVELOPER, USER ->
              out.append("<|start|>")
                  .append(message.role().label())
                  .append('\n')
                  .append(message.content().strip())
                  .append("<|stop|>\n");
        }
      }
      return out.append("<|start|>assistant\n<think>\n").toString();
    }

    private void tags(CallText call, StringBuilder out) {
      byte[] object = call.arguments().getBytes(StandardCharsets.UTF_8);
      var style = new JsonStyle(false, true, true, true, true);
      var values = new ArgumentForm.ValueStyle(false, false, style, true, false);
      try {
        for (JsonText.Member member : JsonText.members(object, new Span(0, object.length), false)) {
          out.append("<parameter=").append(member.name()).append(">\n");
          values.write(object, member.value(), out);
          out.append("\n</parameter>\n");
        }
      } catch (JsonFault e) {
        throw new IllegalArgumentException(e);
      }
    }
  },

  /** No line feeds between messages, reasoning always, calls as keys and values; as GLM has it. */
  KEYS {
    @Override
    String render(List<MessageText> messages) {
      StringBuilder out = new StringBuilder("[gMASK]");
      for (int i = 0; i < messages.size(); i++) {
        MessageText message = messages.get(i);
        switch (message.role()) {
          case TOOL -> {
            out.append(role(messages, i - 1) == Role.TOOL ? "" : "<|observation|>");
            out.append("<result>").append(message.content()).append("</result>");
          }
          case ASSISTANT -> {
            out.append("<|assistant|>");
            out.append(message.reasoning().isEmpty() ? "" : "<think>" + message.reasoning());
            out.append("</think>").append(message.content());
            for (CallText call : message.calls()) {
              out.append("<call>").append(call.name());
              out.append(keys(call));
              out.append("</call>");
            }
          }
          case SYSTEM, DEVELOPER, USER ->
              out.append("<|")
                  .append(message.role().label())
                  .append("|>")
                  .append(message.content());
        }
      }
      return out.append("<|assistant|><think>").toString();
    }

    private String keys(CallText call) {
      byte[] object = call.arguments().getBytes(StandardCharsets.UTF_8);
      var style = new JsonStyle(true, false, false, false, false);
      StringBuilder out = new StringBuilder();
      try {
        new ArgumentForm.Pairs(
                "<key>",
                "</key><value>",
                "</value><key>",
                "</value>",
                new ArgumentForm.ValueStyle(false, false, style, false, false))
            .write(object, out);
      } catch (JsonFault e) {
        throw new IllegalArgumentException(e);
      }
      return out.toString();
    }
  };

  /** The prompt of a conversation. */
  abstract String render(List<MessageText> messages);

  private static Role role(List<MessageText> messages, int index) {
    return index < 0 || index >= messages.size() ? Role.USER : messages.get(index).role();
  }

  private static String json(String object, JsonStyle style) {
    StringBuilder out = new StringBuilder();
    byte[] bytes = object.getBytes(StandardCharsets.UTF_8);
    try {
      new JsonText(bytes, style, out).write(new Span(0, bytes.length));
    } catch (JsonFault e) {
      throw new IllegalArgumentException(e);
    }
    return out.toString();
  }
}
