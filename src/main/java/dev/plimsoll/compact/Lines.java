package dev.plimsoll.compact;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines of a file as a tool's result or a call showed them.
 *
 * @param all the lines that are not blank
 */
record Lines(List<Line> all) {
  /** How often a number is kept when nothing else asks for it. */
  private static final int EVERY = 10;

  private static final int MOST = 400;
  private static final int LONGEST = 240;
  private static final int MARGIN = 16;

  private static final Pattern NUMBERED =
      Pattern.compile("^ {0,8}(\\d{1,7})(?:\u2192|\t|[:|] ?|- ?)");

  private static final Pattern DEFINITION =
      Pattern.compile(
          "\\b(?:def|class|func|fn|fun|function|sub|proc|interface|struct|enum|trait|impl|type"
              + "|module|namespace|package|import|from|require|include|use|const|var|let)\\b");

  /** A line that defines is short; what is longer only holds such a word. */
  private static final int LONGEST_DEFINITION = 400;

  /**
   * One line.
   *
   * @param number its number in the file as shown, else empty
   * @param code what stands in it
   */
  record Line(String number, String code) {}

  Lines {
    all = List.copyOf(all);
  }

  /** Whether a line looks as if it defined or imported something. */
  static boolean defines(String line) {
    return line.length() <= LONGEST_DEFINITION && DEFINITION.matcher(line).find();
  }

  /** Reads lines; numbers in front of them are taken off when nearly all have one. */
  static Lines of(String text) {
    List<Line> found = new ArrayList<>();
    String[] lines = text.split("\n", -1);
    boolean numbered = numbered(lines);
    for (int i = 0; i < lines.length && found.size() < MOST; i++) {
      String code = lines[i];
      String number = "";
      if (numbered) {
        Matcher margin = NUMBERED.matcher(code);
        if (!margin.find()) {
          continue; // what the tool says around the lines
        }
        number = margin.group(1);
        code = code.substring(margin.end());
      }
      String clean = Quoted.code(code, LONGEST);
      if (!clean.isBlank()) {
        found.add(new Line(number, clean));
      }
    }
    return new Lines(found);
  }

  private static boolean numbered(String[] lines) {
    int hits = 0;
    int seen = 0;
    for (String line : lines) {
      if (!line.isBlank()) {
        seen++;
        String start = line.substring(0, Math.min(MARGIN, line.length()));
        hits += NUMBERED.matcher(start).find() ? 1 : 0;
      }
    }
    return seen > 0 && 10 * hits >= 8 * seen;
  }

  /** The code of a line that {@link #text} wrote. */
  static String code(String written) {
    int bar = written.indexOf('|');
    boolean margin = bar >= 0 && written.chars().limit(bar).allMatch(c -> c >= '0' && c <= '9');
    return margin ? written.substring(bar + 1) : written;
  }

  /**
   * Some of the lines as text.
   *
   * <p>Numbers stay where they help to find the place again: at the first line, behind a gap, at
   * definitions, and now and then.
   */
  String text(boolean[] keep) {
    StringBuilder out = new StringBuilder();
    boolean gap = true;
    int since = 0;
    for (int i = 0; i < all.size(); i++) {
      if (!keep[i]) {
        out.append(gap ? "" : "...\n");
        gap = true;
        continue;
      }
      Line line = all.get(i);
      boolean number = gap || since >= EVERY || defines(line.code());
      since = number ? 0 : since + 1;
      gap = false;
      out.append(number ? line.number() : "").append('|').append(line.code()).append('\n');
    }
    return out.toString();
  }
}
