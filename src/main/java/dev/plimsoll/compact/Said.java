package dev.plimsoll.compact;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** Chooses the sentences of an assistant's text that say most. */
final class Said {
  /** The assistant's text is looked at so far; more is a document, not a remark. */
  private static final int REACH = 20_000;

  private static final int SHORTEST = 8;
  private static final int MOST_NAMES = 3;

  private static final Pattern END = Pattern.compile("(?<=[.!?:;\u3002])\\s+|\\n+");

  /** Words that tell why something is as it is; in other languages names alone decide. */
  private static final Pattern REASON =
      Pattern.compile(
          "(?i)\\b(?:because|instead|since|decided?|cause[sd]?|fix(?:e[sd])?|fail(?:s|ed)?|wrong"
              + "|works?|must|cannot|can't|should|issue|problem|means|only|not)\\b");

  private Said() {}

  private record Sentence(int place, String text, int worth) {}

  /** The best of a text in one line of at most {@code most} characters. */
  static String gist(String text, int most) {
    String near = text.length() > REACH ? text.substring(0, REACH) : text;
    String whole = Quoted.line(near, most + 1);
    if (whole.length() <= most && near.strip().length() <= most) {
      return whole;
    }
    List<Sentence> sentences = sentences(near, most);
    sentences.sort(
        Comparator.comparingInt((Sentence s) -> -s.worth()).thenComparingInt(Sentence::place));
    List<Sentence> kept = new ArrayList<>();
    int left = most;
    for (Sentence sentence : sentences) {
      if (sentence.text().length() < left) {
        left -= sentence.text().length() + 1;
        kept.add(sentence);
      }
    }
    kept.sort(Comparator.comparingInt(Sentence::place));
    return String.join(" ", kept.stream().map(Sentence::text).toList());
  }

  private static List<Sentence> sentences(String text, int most) {
    List<Sentence> found = new ArrayList<>();
    for (String part : END.split(text, -1)) {
      String line = Quoted.line(part, most);
      if (line.length() > SHORTEST) {
        found.add(new Sentence(found.size(), line, worth(line)));
      }
    }
    return found;
  }

  private static int worth(String line) {
    int worth = 2 * Math.min(MOST_NAMES, Names.in(line).size());
    return REASON.matcher(line).find() ? worth + 3 : worth;
  }
}
