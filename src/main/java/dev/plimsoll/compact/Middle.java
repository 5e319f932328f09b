package dev.plimsoll.compact;

import dev.plimsoll.tokens.CallText;
import dev.plimsoll.tokens.MessageText;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the middle out of a message that is too long: whole lines where there are lines, and of
 * call arguments only the inside of their long texts, so that they stay valid JSON.
 */
final class Middle {
  /** How much of what stays is from the begin. */
  private static final double HEAD = 0.4;

  /** Lines at either end that stay if they are not endless, and their letters together. */
  private static final int EDGE = 5;

  private static final int EDGE_LETTERS = 400;

  /** When fewer letters are asked for, the lines at the ends need not stay. */
  private static final int LEAST = 40;

  private static final int MOST_ERRORS = 10;
  private static final int LONGEST_ERROR = 200;

  private Middle() {}

  /** The message with a share of its characters, as far as its texts are long. */
  static MessageText of(MessageText message, double share) {
    MessageText shown =
        message.withContent(text(message.content(), share, "ask for a narrower range to see them"));
    return message.calls().isEmpty()
        ? shown
        : shown.withCalls(
            message.calls().stream().map(call -> Arguments.shortened(call, share)).toList());
  }

  /** An assistant's calls by their names: what came of them tells more than how they were put. */
  static MessageText bare(MessageText message) {
    return message
        .withContent("")
        .withCalls(message.calls().stream().map(c -> new CallText(c.name(), "{}")).toList());
  }

  /** The text with a share of its characters; short texts stay whole. */
  static String text(String text, double share, String hint) {
    int most = (int) (text.length() * share);
    if (text.length() <= most || text.length() < 200) {
      return text;
    }
    String[] lines = text.split("\n", -1);
    int head = edge(lines, (int) (most * HEAD), 0, 1);
    int tail = lines.length - edge(lines, (int) (most * (1 - HEAD)), lines.length - 1, -1);
    if (head + 1 >= tail || lengthOf(lines, head, tail) < text.length() / 10) {
      return within(text, most, hint);
    }
    return join(lines, head, tail, hint);
  }

  /** How many lines from one end fit; some always do. */
  private static int edge(String[] lines, int most, int start, int step) {
    int edge = most < LEAST ? 0 : Math.max(2 * most, EDGE_LETTERS);
    int used = 0;
    int count = 0;
    for (int i = start; i >= 0 && i < lines.length; i += step) {
      used += lines[i].length() + 1;
      boolean spare = count < EDGE && used <= edge;
      if (used > most && !spare) {
        break;
      }
      count++;
    }
    return count;
  }

  private static int lengthOf(String[] lines, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i++) {
      sum += lines[i].length() + 1;
    }
    return sum;
  }

  private static String join(String[] lines, int head, int tail, String hint) {
    List<String> out = new ArrayList<>();
    out.addAll(List.of(lines).subList(0, head));
    out.add(
        "[... lines %d-%d of %d omitted by the proxy; %s ...]"
            .formatted(head + 1, tail, lines.length, hint));
    int errors = 0;
    for (int i = head; i < tail && errors < MOST_ERRORS; i++) {
      String line = lines[i].length() > LONGEST_ERROR ? "" : lines[i];
      if (Result.ERROR.matcher(line).find()) {
        errors++;
        out.add(line);
      }
    }
    if (errors > 0) {
      out.add("[... those of the omitted lines that tell of errors ...]");
    }
    out.addAll(List.of(lines).subList(tail, lines.length));
    return String.join("\n", out);
  }

  /** Cuts where there are no lines to leave out. */
  private static String within(String text, int most, String hint) {
    int head = border(text, (int) (most * HEAD));
    int tail = border(text, text.length() - (int) (most * (1 - HEAD)));
    if (tail <= head) {
      return text;
    }
    return text.substring(0, head)
        + "[... %d characters omitted by the proxy; %s ...]".formatted(tail - head, hint)
        + text.substring(tail);
  }

  /** Not between the halves of a character. */
  private static int border(String text, int at) {
    boolean inside =
        at > 0
            && at < text.length()
            && Character.isLowSurrogate(text.charAt(at))
            && Character.isHighSurrogate(text.charAt(at - 1));
    return inside ? at - 1 : at;
  }
}
