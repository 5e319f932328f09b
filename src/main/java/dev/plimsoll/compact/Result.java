package dev.plimsoll.compact;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a tool's result comes to.
 *
 * @param lines how many lines it has
 * @param exit the exit status that it names near its end, else empty
 * @param notable lines that tell of errors, and the last one that counts tests
 * @param first its first line that is not blank, else empty
 */
record Result(int lines, String exit, List<String> notable, String first) {
  private static final Pattern EXIT =
      Pattern.compile(
          "(?i)\\b(?:exit(?:ed)?|return(?:ed)?)[ _-]?(?:with )?(?:code|status)?[ :=]+"
              + "(-?\\d{1,3})\\b");

  /** Whether a line tells of an error, whatever the language of the program. */
  static final Pattern ERROR =
      Pattern.compile(
          "\\b[A-Z]\\w*(?:Error|Exception)\\b"
              + "|(?i:\\b(?:error|fatal|panic|cannot|assertion failed)\\b)"
              + "|\\bFAIL(?:ED)?\\b|^E  ");

  private static final Pattern TESTS =
      Pattern.compile(
          "\\b\\d+ (?:passed|failed|errors?|skipped|tests?|ok)\\b|^OK\\b|^ok \\d|^Ran \\d+"
              + "|\\btests? (?:passed|failed)\\b");

  /** Lines are looked at so far: what comes behind is data. */
  private static final int REACH = 1000;

  private static final int LONGEST = 160;
  private static final int EXIT_WITHIN = 3;

  /** A compiler says at the begin what is wrong, a stack trace at its end. */
  private static final int EITHER_SIDE = 2;

  Result {
    notable = List.copyOf(notable);
  }

  static Result of(String text) {
    String[] lines = text.split("\n", -1);
    String exit = "";
    String first = "";
    String tests = "";
    Set<String> errors = new LinkedHashSet<>();
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i].length() > REACH ? lines[i].substring(0, REACH) : lines[i];
      if (first.isEmpty()) {
        first = Quoted.line(line, LONGEST);
      }
      if (i >= lines.length - EXIT_WITHIN) {
        Matcher found = EXIT.matcher(line);
        exit = found.find() ? found.group(1) : exit;
      }
      if (TESTS.matcher(line).find()) {
        tests = Quoted.line(line, LONGEST);
      } else if (ERROR.matcher(line).find()) {
        errors.add(Quoted.line(line, LONGEST));
      }
    }
    return new Result(lines.length, exit, notable(List.copyOf(errors), tests), first);
  }

  private static List<String> notable(List<String> errors, String tests) {
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < errors.size(); i++) {
      if (i < EITHER_SIDE || i >= errors.size() - EITHER_SIDE) {
        kept.add(errors.get(i));
      }
    }
    if (!tests.isEmpty()) {
      kept.add(tests);
    }
    return kept;
  }
}
