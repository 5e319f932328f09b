package dev.plimsoll.calls;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a call whose arguments are pairs of tags, the value as bare text. */
final class TagCall extends Candidate {
  /** A longer key is none. */
  private static final int LONGEST_KEY = 256;

  private final Grammar.Tags tags;
  private final Map<String, String> values = new LinkedHashMap<>();
  private Part part;
  private String key = "";
  private int search;

  private enum Part {
    NAME,
    PAIR,
    KEY,
    VALUE_OPENING,
    VALUE
  }

  TagCall(Grammar.Tags tags, GrowingText text, Toolbox tools, int at) {
    super(tags.opening(), text, tools, at);
    this.tags = tags;
    if (tags.hasName()) {
      part = Part.NAME;
    } else {
      part = Part.PAIR;
      name = "";
    }
  }

  @Override
  Step next() {
    return switch (part) {
      case NAME -> name();
      case PAIR -> pair();
      case KEY -> key();
      case VALUE_OPENING -> valueOpening();
      case VALUE -> value();
    };
  }

  private Step name() {
    int from = text.afterBlanks(at);
    int end = from < 0 ? from : Names.end(text, tools, from);
    if (end < 0) {
      return undone(end);
    }
    int follows = tags.nameEnd().isEmpty() ? 0 : text.which(end, tags.nameEnd());
    if (follows < 0) {
      return undone(follows);
    }
    name = text.substring(from, end);
    at = end + tags.nameEnd().length();
    part = Part.PAIR;
    return Step.ON;
  }

  private Step pair() {
    int from = text.afterBlanks(at);
    int which = from < 0 ? from : text.which(from, tags.key(), tags.closing());
    if (which == 0) {
      at = from + tags.key().length();
      part = Part.KEY;
      decided = true;
      return Step.ON;
    }
    boolean empty = values.isEmpty();
    if (which == 1 && (begun() || !empty)) {
      at = from + tags.closing().length();
      decided = true;
      return Step.WHOLE;
    }
    // What closes it may be missing when the model stopped behind a whole pair.
    return !empty && text.overAt(at) ? Step.WHOLE : undone(which);
  }

  private Step key() {
    int end = text.find(tags.keyEnd(), at);
    if (end < 0 || end - at > LONGEST_KEY) {
      return text.length() - at > LONGEST_KEY ? Step.NOT : undone(text.more());
    }
    key = text.substring(at, end).strip();
    at = end + tags.keyEnd().length();
    part = Part.VALUE_OPENING;
    return Step.ON;
  }

  private Step valueOpening() {
    if (!tags.value().isEmpty()) {
      int from = text.afterBlanks(at);
      int found = from < 0 ? from : text.which(from, tags.value());
      if (found < 0) {
        return undone(found);
      }
      at = from + tags.value().length();
    }
    search = at;
    part = Part.VALUE;
    return Step.ON;
  }

  /** A value may hold its own end tag, as code about such tags does: what follows must fit. */
  private Step value() {
    while (true) {
      int end = text.find(tags.valueEnd(), search);
      if (end < 0) {
        search = Math.max(search, text.length() - tags.valueEnd().length() + 1);
        return undone(text.more());
      }
      int behind = end + tags.valueEnd().length();
      int from = text.afterBlanks(behind);
      int follows = from < 0 ? from : text.which(from, tags.key(), tags.closing());
      if (follows >= 0 || text.overAt(behind)) {
        values.put(key, valueIn(text.substring(at, end)));
        at = behind;
        part = Part.PAIR;
        return Step.ON;
      }
      if (follows == GrowingText.MORE) {
        search = end;
        return Step.MORE;
      }
      search = end + 1;
    }
  }

  private String valueIn(String raw) {
    if (!tags.lines()) {
      return raw;
    }
    int from = raw.startsWith("\n") ? 1 : 0;
    int to = raw.endsWith("\n") && raw.length() > from ? raw.length() - 1 : raw.length();
    return raw.substring(from, to);
  }

  @Override
  List<WrittenCall> calls() {
    String called = name == null ? "" : name;
    ToolSchema schema = tools.find(called).map(ToolSchema::of).orElse(ToolSchema.SILENT);
    return List.of(new WrittenCall(called, schema.arguments(values)));
  }
}
