package dev.plimsoll.it;

import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.Fault;
import dev.plimsoll.testing.Header;
import dev.plimsoll.testing.Reply;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a model server does with one request of a client, one attempt after the other.
 *
 * @param ollama its first replies if it is Ollama
 * @param openAi its first replies if it is another one
 * @param then what it says from then on
 */
record Plan(List<Reply> ollama, List<Reply> openAi, Answer then) {
  /** Arguments that the tool takes. */
  static final String GOOD = "{\"path\":\"/out.txt\"}";

  /** Arguments that nobody may ever see. */
  static final String ABANDONED = "{\"path\":\"/abandoned\"}";

  /** The beginning of such arguments. */
  static final String HALF = "{\"path\":\"/abandoned";

  /** So long an answer that every cut is somewhere in the middle. */
  private static final int WORDS = 300;

  /** One reply that is no good, then a text. */
  static Plan the(Reply reply) {
    return each(reply, reply);
  }

  /** The same reply so many times, and then no other. */
  static Plan all(int times, Reply reply) {
    List<Reply> replies = Collections.nCopies(times, reply);
    return new Plan(replies, replies, done());
  }

  /** One reply that is no good, in the words of each server, then a text. */
  static Plan each(Reply ollama, Reply openAi) {
    return new Plan(List.of(ollama), List.of(openAi), done());
  }

  /** One reply that is no good, then a call. */
  static Plan calls(Reply reply) {
    return eachCall(reply, reply);
  }

  /** One reply that is no good, in the words of each server, then a call. */
  static Plan eachCall(Reply ollama, Reply openAi) {
    Answer called = Answer.text("Here:").call("c", "write", GOOD);
    return new Plan(List.of(ollama), List.of(openAi), called);
  }

  private static Answer done() {
    return Answer.text("All", " done.");
  }

  List<Reply> replies(Behind behind) {
    return switch (behind) {
      case OLLAMA -> ollama;
      case OPENAI -> openAi;
    };
  }

  /** A text of many words, of which no two are the same. */
  static Answer words() {
    return words(0);
  }

  private static Answer words(int from) {
    return Answer.text(
        IntStream.range(from, from + WORDS).mapToObj(i -> "w" + i + " ").toArray(String[]::new));
  }

  /** A long text that is cut by length again and again. */
  static Plan partsCutByLength(int parts) {
    List<Reply> replies = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      replies.add(words(i * WORDS).length());
    }
    return new Plan(replies, replies, done());
  }

  /** A text that says the same for ever. */
  static String[] round() {
    return Collections.nCopies(400, "the same again, ").toArray(String[]::new);
  }

  /** A cut in the middle of {@link #words}. */
  static Fault cut(Fault.How how) {
    return new Fault.CutAfter(5000, how);
  }

  /** A server that cannot read what its model wrote. */
  static Reply failing(String message) {
    return Answer.text("a").with(new Fault.ErrorLine(0, message));
  }

  static Fault status(int code) {
    return Fault.status(code, "{\"error\":{\"message\":\"their words\"}}");
  }

  static Fault statusAfter(String seconds) {
    return new Fault.Status(503, "{}", List.of(new Header("Retry-After", seconds)));
  }

  /** A call as GLM writes it. */
  static String glm() {
    return """
    <tool_call>write
    <arg_key>path</arg_key>
    <arg_value>/out.txt</arg_value>
    </tool_call>\
    """;
  }

  /** A text in pieces of five characters. */
  static String[] pieces(String text) {
    List<String> pieces = new ArrayList<>();
    for (int i = 0; i < text.length(); i += 5) {
      pieces.add(text.substring(i, Math.min(text.length(), i + 5)));
    }
    return pieces.toArray(String[]::new);
  }
}
