package dev.plimsoll.calls;

import dev.plimsoll.json.JsonString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads calls that are JSON objects with a name and arguments, as models without a form of their
 * own write them; any key that no such object has ends the matter.
 *
 * <pre>
 *   {"name": "t", "arguments": {…}}     also "parameters", and arguments as a string of JSON
 *   {"type": "function", "function": {"name": "t", "arguments": {…}}}
 *   {"function": "t", "arguments": {…}}
 * </pre>
 */
final class JsonCalls extends Candidate {
  /** A longer key, id or name is none. */
  private static final int LONGEST_STRING = 128;

  private static final List<String> KEYS =
      List.of("name", "arguments", "parameters", "function", "type", "id");

  private final Grammar.Json form;
  private final List<WrittenCall> calls = new ArrayList<>(1);
  private Part part;
  private boolean inArray;
  private int depth;
  private String key = "";
  private String written = "";
  private boolean hasArguments;
  private ValueEnd value = ValueEnd.NONE;

  private enum Part {
    INFO,
    START,
    OBJECT,
    KEY,
    COLON,
    VALUE,
    VALUE_END,
    COMMA,
    NEXT_CALL,
    CLOSING
  }

  JsonCalls(Grammar.Json form, GrowingText text, Toolbox tools, int at) {
    super(form.opening(), text, tools, at);
    this.form = form;
    this.part = form.fence() ? Part.INFO : Part.START;
  }

  @Override
  Step next() {
    return switch (part) {
      case INFO -> info();
      case START -> start();
      case OBJECT -> mark("{", Part.KEY);
      case KEY -> key();
      case COLON -> mark(":", Part.VALUE);
      case VALUE -> value();
      case VALUE_END -> valueEnd();
      case COMMA -> comma();
      case NEXT_CALL -> nextCall();
      case CLOSING -> closing();
    };
  }

  /** The word behind a fence, such as {@code json}, up to the end of its line. */
  private Step info() {
    int end = at;
    while (end < text.length() && Names.isPart(text.charAt(end)) && end - at < LONGEST_STRING) {
      end++;
    }
    int found = text.which(end, "\n", "\r\n");
    if (found < 0) {
      return end == text.length() ? undone(text.more()) : undone(found);
    }
    at = end;
    part = Part.START;
    return Step.ON;
  }

  private Step start() {
    int from = text.afterBlanks(at);
    if (from < 0) {
      return undone(from);
    }
    if (form.arrays() && text.charAt(from) == '[') {
      inArray = true;
      at = from + 1;
    }
    part = Part.OBJECT;
    return Step.ON;
  }

  private Step mark(String mark, Part then) {
    int from = text.afterBlanks(at);
    int found = from < 0 ? from : text.which(from, mark);
    if (found < 0) {
      return undone(found);
    }
    at = from + 1;
    part = then;
    depth += then == Part.KEY ? 1 : 0;
    return Step.ON;
  }

  private Step key() {
    int from = text.afterBlanks(at);
    if (from < 0) {
      return undone(from);
    }
    if (text.charAt(from) == '}') {
      return objectEnd(from + 1);
    }
    int end = shortString(from, KEYS);
    if (end < 0) {
      return undone(end);
    }
    key = text.substring(from + 1, end - 1);
    at = end;
    part = Part.COLON;
    return Step.ON;
  }

  private Step value() {
    int from = text.afterBlanks(at);
    if (from < 0) {
      return undone(from);
    }
    char first = text.charAt(from);
    return switch (key) {
      case "name" -> nameAt(from);
      case "function" -> {
        if (first != '{') {
          yield nameAt(from);
        }
        at = from;
        part = Part.OBJECT;
        yield depth == 1 ? Step.ON : Step.NOT;
      }
      case "arguments", "parameters" -> {
        value = new ValueEnd(from);
        part = Part.VALUE_END;
        yield first == '{' || first == '"' ? Step.ON : Step.NOT;
      }
      case "type" -> valueEndsAt(shortString(from, List.of("function")));
      default -> valueEndsAt(shortString(from, List.of()));
    };
  }

  private Step nameAt(int from) {
    int end = shortString(from, tools.names());
    if (end < 0) {
      return undone(end);
    }
    name = text.substring(from + 1, end - 1);
    decided = true;
    return valueEndsAt(end);
  }

  private Step valueEndsAt(int end) {
    if (end < 0) {
      return undone(end);
    }
    at = end;
    part = Part.COMMA;
    return Step.ON;
  }

  private Step valueEnd() {
    int end = value.find(text);
    if (end < 0) {
      return undone(end);
    }
    String raw = text.substring(value.start(), end);
    written = raw.startsWith("\"") ? decoded(raw) : raw;
    hasArguments = true;
    return valueEndsAt(end);
  }

  private static String decoded(String literal) {
    byte[] bytes = literal.getBytes(StandardCharsets.UTF_8);
    return new JsonString(bytes, 0, bytes.length).text();
  }

  private Step comma() {
    int from = text.afterBlanks(at);
    int which = from < 0 ? from : text.which(from, ",", "}");
    if (which < 0) {
      return undone(which);
    }
    if (which == 1) {
      return objectEnd(from + 1);
    }
    at = from + 1;
    part = Part.KEY;
    return Step.ON;
  }

  private Step objectEnd(int end) {
    at = end;
    depth--;
    if (depth > 0) {
      part = Part.COMMA;
      return Step.ON;
    }
    String called = name;
    if (called == null || !hasArguments) {
      return Step.NOT;
    }
    calls.add(new WrittenCall(called, written));
    hasArguments = false;
    name = null;
    part = inArray ? Part.NEXT_CALL : Part.CLOSING;
    return Step.ON;
  }

  private Step nextCall() {
    int from = text.afterBlanks(at);
    int which = from < 0 ? from : text.which(from, ",", "]");
    if (which < 0) {
      return undone(which);
    }
    at = from + 1;
    part = which == 0 ? Part.OBJECT : Part.CLOSING;
    return Step.ON;
  }

  private Step closing() {
    if (form.closing().isEmpty()) {
      return Step.WHOLE;
    }
    int from = text.afterBlanks(at);
    int found = from < 0 ? from : text.which(from, form.closing());
    if (found < 0) {
      return text.overAt(at) ? Step.WHOLE : undone(found);
    }
    at = from + form.closing().length();
    return Step.WHOLE;
  }

  /**
   * Where a string ends that is one of these words, any word if there are none; negative when it is
   * not there yet, or is none of them.
   */
  private int shortString(int from, List<String> words) {
    if (text.charAt(from) != '"') {
      return GrowingText.NOT;
    }
    int quote = text.find("\"", from + 1);
    int end = quote < 0 ? text.length() : quote;
    if (end - from > LONGEST_STRING) {
      return GrowingText.NOT;
    }
    String word = text.substring(from + 1, end);
    boolean known =
        words.isEmpty()
            || words.stream().anyMatch(w -> quote < 0 ? w.startsWith(word) : w.equals(word));
    if (!known || word.indexOf('\\') >= 0) {
      return GrowingText.NOT;
    }
    return quote < 0 ? text.more() : quote + 1;
  }

  @Override
  List<WrittenCall> calls() {
    return calls;
  }
}
