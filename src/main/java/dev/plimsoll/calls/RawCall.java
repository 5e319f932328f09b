package dev.plimsoll.calls;

import java.util.Optional;

/**
 * Finds the call in the error that Ollama makes of one by gpt-oss that it cannot read: {@code error
 * parsing tool call: raw='…', err=…}. Mostly the call is whole and something stands behind it.
 */
final class RawCall {
  private static final String BEFORE = "raw='";
  private static final String BEHIND = "', err=";
  private static final String NAME = "to=functions.";

  private RawCall() {}

  /** The call, if there is a whole one and its tool is told. */
  static Optional<WrittenCall> in(String error, Toolbox tools) {
    int from = error.indexOf(BEFORE);
    int to = error.lastIndexOf(BEHIND);
    if (from < 0 || to < from + BEFORE.length()) {
      return Optional.empty();
    }
    String raw = error.substring(from + BEFORE.length(), to);
    int brace = raw.indexOf('{');
    GrowingText text = new GrowingText();
    text.add(raw, 0);
    int end = brace < 0 ? GrowingText.NOT : new ValueEnd(brace).find(text);
    if (end < 0) {
      return Optional.empty();
    }
    String object = raw.substring(brace, end);
    int name = raw.substring(0, brace).indexOf(NAME);
    if (name >= 0) {
      int nameAt = name + NAME.length();
      int nameEnd = Names.end(text, tools, nameAt);
      return nameEnd < 0
          ? Optional.empty()
          : Optional.of(new WrittenCall(raw.substring(nameAt, nameEnd), object));
    }
    CallScanner scanner = new CallScanner(tools);
    scanner.add(object);
    return scanner.end(true) instanceof Written.Calls(var calls)
        ? Optional.of(calls.getFirst())
        : Optional.empty();
  }
}
