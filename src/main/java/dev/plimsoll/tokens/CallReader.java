package dev.plimsoll.tokens;

import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.Span;
import dev.plimsoll.tokens.ArgumentForm.ValueStyle;
import dev.plimsoll.tokens.JsonText.Member;
import dev.plimsoll.tokens.RenderForm.CallForm;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads out of a rendered prompt how its template writes calls.
 *
 * <p>Looks at the two calls of one message: what stands between the first one's name and the second
 * one's is the arguments, in one of the styles that are known, and the texts around them.
 */
final class CallReader {
  private final String prompt;
  private final byte[] object = Probe.ARGUMENTS.getBytes(StandardCharsets.UTF_8);

  CallReader(String prompt) {
    this.prompt = prompt;
  }

  /** The form of calls, given a message that makes two. */
  Optional<CallForm> read(MessageText message) {
    String first = message.calls().get(0).name();
    String second = message.calls().get(1).name();
    int from = prompt.indexOf(first);
    int to = prompt.indexOf(second, Math.max(0, from));
    if (from < 0 || to < 0) {
      return Optional.empty();
    }
    try {
      CallForm json = json(from + first.length(), to);
      return Optional.ofNullable(json != null ? json : pairs(from + first.length(), to));
    } catch (JsonFault e) {
      throw new IllegalStateException("the probe's own arguments", e);
    }
  }

  private @Nullable CallForm json(int from, int to) throws JsonFault {
    for (JsonStyle style : JsonStyle.all()) {
      ArgumentForm form = new ArgumentForm.Json(style);
      StringBuilder text = new StringBuilder();
      form.write(object, text);
      int at = prompt.indexOf(text.toString(), from);
      int end = at + text.length();
      if (at >= 0 && end <= to) {
        return new CallForm(prompt.substring(from, at), prompt.substring(end, to), form);
      }
    }
    return null;
  }

  /** A name and its value where they stand. */
  private record Found(String name, int nameAt, int valueAt, int valueEnd) {}

  private @Nullable CallForm pairs(int from, int to) throws JsonFault {
    for (boolean sorted : new boolean[] {false, true}) {
      List<Member> members = JsonText.members(object, new Span(0, object.length), sorted);
      for (ValueStyle style : styles(sorted)) {
        List<Found> found = find(members, style, from, to);
        if (found != null) {
          return pairs(found, style, from, to);
        }
      }
    }
    return null;
  }

  private static List<ValueStyle> styles(boolean sorted) {
    List<ValueStyle> styles = new ArrayList<>();
    for (JsonStyle nested : JsonStyle.all()) {
      for (boolean quoted : new boolean[] {false, true}) {
        for (boolean printed : new boolean[] {false, true}) {
          for (boolean python : new boolean[] {false, true}) {
            styles.add(new ValueStyle(sorted, quoted, nested, printed, python));
          }
        }
      }
    }
    return styles;
  }

  /** All names and values in this order and style, the same text between each; or nothing. */
  private @Nullable List<Found> find(List<Member> members, ValueStyle style, int from, int to)
      throws JsonFault {
    List<Found> found = new ArrayList<>();
    String assign = null;
    int at = from;
    for (Member member : members) {
      StringBuilder value = new StringBuilder();
      style.write(object, member.value(), value);
      int nameAt = prompt.indexOf(member.name(), at);
      int nameEnd = nameAt + member.name().length();
      int valueAt = prompt.indexOf(value.toString(), nameEnd);
      if (nameAt < 0 || valueAt < 0 || valueAt + value.length() > to) {
        return null;
      }
      String here = prompt.substring(nameEnd, valueAt);
      if (assign != null && !assign.equals(here)) {
        return null;
      }
      assign = here;
      at = valueAt + value.length();
      found.add(new Found(member.name(), nameAt, valueAt, at));
    }
    return found;
  }

  private @Nullable CallForm pairs(List<Found> found, ValueStyle style, int from, int to) {
    String between = prompt.substring(found.get(0).valueEnd(), found.get(1).nameAt());
    for (int i = 1; i + 1 < found.size(); i++) {
      int next = found.get(i + 1).nameAt();
      if (!between.equals(prompt.substring(found.get(i).valueEnd(), next))) {
        return null;
      }
    }
    Found one = found.getFirst();
    String before = prompt.substring(from, one.nameAt());
    String assign = prompt.substring(one.nameAt() + one.name().length(), one.valueAt());
    String behind = prompt.substring(found.getLast().valueEnd(), to);
    // "</v><k>" between two: "<k>" opens each name, if the first has it too, and "</v>" closes it.
    String open = Texts.commonEnd(before, between);
    String close = between.substring(0, between.length() - open.length());
    if (!behind.startsWith(close)) {
      open = "";
      close = "";
    }
    return new CallForm(
        before.substring(0, before.length() - open.length()),
        behind.substring(close.length()),
        new ArgumentForm.Pairs(open, assign, between, close, style));
  }
}
