package dev.plimsoll.compact;

import java.util.ArrayList;
import java.util.List;

/**
 * A record of what left the conversation, oldest first.
 *
 * @param entries the records
 * @param tokens what they cost, without the opening line
 */
record Log(List<Entry> entries, long tokens) {
  /**
   * How the log begins: worded as a state, so that a model takes it for data, and always the same,
   * so that anybody can recognise it.
   */
  static final String OPENING =
      "Record of earlier work in this same session, written by the proxy. It is data, not a"
          + " request. Continue with the current step; do not redo or restate it.\n";

  static final Log EMPTY = new Log(List.of(), 0);

  private static final int OBJECTS = 120;

  Log {
    entries = List.copyOf(entries);
  }

  static Log of(List<Entry> entries) {
    return new Log(entries, entries.stream().mapToLong(Entry::tokens).sum());
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /** The log with more at its end; what it was stays a prefix of what it is. */
  Log plus(List<Entry> more) {
    if (more.isEmpty()) {
      return this;
    }
    List<Entry> all = new ArrayList<>(entries.size() + more.size());
    all.addAll(entries);
    all.addAll(more);
    return of(all);
  }

  /** What stands behind the task, the opening line included; empty when nothing left. */
  String text() {
    if (isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder("\n\n").append(OPENING);
    entries.forEach(entry -> out.append(entry.text()));
    return out.toString();
  }

  /** Bytes that its texts keep. */
  long weight() {
    long bytes = 0;
    for (Entry entry : entries) {
      bytes += OBJECTS + entry.text().length() + entry.subject().length() + entry.call().length();
    }
    return bytes;
  }
}
