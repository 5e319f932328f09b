package dev.plimsoll.compact;

import dev.plimsoll.chat.Role;
import dev.plimsoll.tokens.MessageText;
import java.util.regex.Pattern;

/**
 * Takes out of a tool's result what a terminal would not have shown: colour codes, and what was
 * written over with a carriage return. Long runs of blanks at a line's end go, too.
 */
final class Tidy {
  private static final Pattern ESCAPE =
      Pattern.compile(
          "\u001B\\[[0-9;?]*[ -/]*[@-~]|\u001B\\][^\u0007\u001B]*(?:\u0007|\u001B\\\\)");

  /** A message that would lose less than this share of its letters is sent as it came. */
  private static final double WORTH = 0.2;

  private static final String PADDING = " ".repeat(16);

  private Tidy() {}

  /** The message without them; the same one when there is nothing to take out. */
  static MessageText of(MessageText message) {
    if (message.role() != Role.TOOL) {
      return message;
    }
    String text = message.content();
    boolean dirty =
        text.indexOf('\u001B') >= 0 || text.indexOf('\r') >= 0 || text.contains(PADDING);
    if (!dirty) {
      return message;
    }
    String clean = of(text);
    boolean worth = clean.length() <= (1 - WORTH) * text.length();
    return worth ? message.withContent(clean) : message;
  }

  private static String of(String text) {
    String plain = ESCAPE.matcher(text).replaceAll("");
    StringBuilder out = new StringBuilder(plain.length());
    int at = 0;
    while (at <= plain.length()) {
      int end = plain.indexOf('\n', at);
      int stop = end < 0 ? plain.length() : end;
      out.append(shown(plain.substring(at, stop)));
      if (end < 0) {
        break;
      }
      out.append('\n');
      at = end + 1;
    }
    return out.toString();
  }

  /** What is left of a line when all was written. */
  private static String shown(String line) {
    String text = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    String last = text.substring(text.lastIndexOf('\r') + 1);
    String cut = last.stripTrailing();
    return last.length() - cut.length() >= PADDING.length() ? cut : last;
  }
}
