package dev.plimsoll.tokens;

import dev.plimsoll.chat.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * A fixed conversation that a server is asked to render, so that its template shows.
 *
 * <p>Every text holds a word that occurs nowhere else, between white space that templates like to
 * take off: a line feed outside, a tab and a space inside.
 *
 * @param messages the conversation, a system message first
 */
public record Probe(List<MessageText> messages) {
  static final String START = "\n\t ";
  static final String END = " \t\n";

  /** What a template may do to JSON: sort, space, escape, and print numbers its own way. */
  static final String ARGUMENTS =
      "{\"zqkey\":\"zqvalue\\n\\\"\\\\ <\u00E9>\",\"zqinner\":{\"zqy\":[1,2.50,true,null,"
          + "{\"zqw\":1,\"zqv\":2}],\"zqx\":\"<z>\"},\"zqnumber\":1234567,\"zqflag\":false}";

  private static final String ONE_ARGUMENT = "{\"zqkey\":\"zqone\"}";

  /** Copies the list. */
  public Probe {
    messages = List.copyOf(messages);
  }

  /**
   * The conversations from which a form is read: one that is past, and several that are still going
   * on behind their last user's message.
   */
  public static List<Probe> all() {
    return List.of(
        new Script()
            .user()
            .says("c")
            .user()
            .says("rc")
            .user()
            .calls("", 2)
            .says("ck")
            .says("rk")
            .says("rck")
            .says("c")
            .user()
            .says("ck")
            .says("k")
            .says("rc")
            .user()
            .says("rk")
            .user()
            .says("rck")
            .user()
            .probe(),
        new Script().user().calls("", 2).says("ck").says("rk").says("rck").says("k").probe(),
        new Script().user().says("ck").probe(),
        new Script().user().says("rk").probe(),
        new Script().user().says("rck").probe());
  }

  /** Two messages of one side in a row, which some templates join and others refuse. */
  public static Probe doubled() {
    return new Script().user().user().says("c").says("c").user().probe();
  }

  /** A conversation from which nothing is learnt: it shows whether what was learnt is true. */
  public static Probe check() {
    List<CallText> calls =
        List.of(
            new CallText("zqread", "{\"path\":\"src/\u4E2D.txt\",\"from\":1,\"a\":[\"<b>\"]}"),
            new CallText("zqlist", "{}"));
    return new Probe(
        List.of(
            MessageText.of(Role.SYSTEM, "Be brief."),
            MessageText.of(Role.USER, "What is in it?\n"),
            new MessageText(Role.ASSISTANT, "I look.", "Let me see.", calls, "", 0),
            MessageText.result("zqread", "  1\tone\n"),
            MessageText.result("zqlist", ""),
            MessageText.of(Role.ASSISTANT, "It is \u00AB1\u00BB."),
            MessageText.of(Role.USER, "Say it again."),
            new MessageText(Role.ASSISTANT, "", "", calls.subList(0, 1), "", 0),
            MessageText.result("zqread", "{\"error\": \"<none>\"}")));
  }

  /** Writes a conversation down. */
  private static final class Script {
    private final List<MessageText> messages = new ArrayList<>();
    private int words;

    Script() {
      messages.add(MessageText.of(Role.SYSTEM, padded()));
    }

    private String word() {
      return "zq" + "abcdefghij".charAt(words / 10) + "abcdefghij".charAt(words++ % 10) + "zq";
    }

    private String padded() {
      return START + word() + END;
    }

    Script user() {
      messages.add(MessageText.of(Role.USER, padded()));
      return this;
    }

    /** The assistant's message with {@code r}easoning, {@code c}ontent, a {@code k}all's result. */
    Script says(String parts) {
      return calls(parts, parts.contains("k") ? 1 : 0);
    }

    Script calls(String parts, int count) {
      String reasoning = parts.contains("r") ? padded() : "";
      String content = parts.contains("c") ? padded() : "";
      List<CallText> calls = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        calls.add(new CallText(word(), i == 0 && count > 1 ? ARGUMENTS : ONE_ARGUMENT));
      }
      messages.add(new MessageText(Role.ASSISTANT, content, reasoning, calls, "", 0));
      calls.forEach(call -> messages.add(MessageText.result(call.name(), padded())));
      return this;
    }

    Probe probe() {
      return new Probe(messages);
    }
  }
}
