package dev.plimsoll.compact;

import dev.plimsoll.tokens.MessageCounter;
import java.util.ArrayList;
import java.util.List;

/** A record while it is made: its text, and what it was made from, whose names it may mention. */
final class Draft {
  private final Entry.Kind kind;
  private final int at;
  private final String subject;
  private final String call;
  private final String text;
  private final boolean spoken;
  private final List<String> sources;
  private final List<String> names = new ArrayList<>();

  /**
   * Begins a record.
   *
   * @param text the record without line feed at its end; empty for one that only mentions names
   * @param spoken whether the assistant itself wrote the sources
   * @param sources the texts that the record stands for
   */
  Draft(
      Entry.Kind kind,
      int at,
      String subject,
      String call,
      String text,
      boolean spoken,
      List<String> sources) {
    this.kind = kind;
    this.at = at;
    this.subject = subject;
    this.call = call;
    this.text = text;
    this.spoken = spoken;
    this.sources = List.copyOf(sources);
  }

  int at() {
    return at;
  }

  String text() {
    return text;
  }

  boolean spoken() {
    return spoken;
  }

  List<String> sources() {
    return sources;
  }

  /** Mentions a name behind the text. */
  void mention(String name) {
    names.add(name);
  }

  boolean isEmpty() {
    return text.isEmpty() && names.isEmpty();
  }

  Entry entry(MessageCounter counter) {
    String mentioned = String.join(", ", names);
    String line =
        names.isEmpty()
            ? text + "\n"
            : text.isEmpty() ? "names: " + mentioned + "\n" : text + " | " + mentioned + "\n";
    return new Entry(kind, subject, call, line, counter.text(line), at);
  }
}
