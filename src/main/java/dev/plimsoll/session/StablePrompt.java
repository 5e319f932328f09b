package dev.plimsoll.session;

import java.util.regex.Pattern;

/**
 * A system prompt without what changes while a conversation goes on: dates, times, the state of the
 * git repository.
 */
final class StablePrompt {
  /** Lines about the day or the repository; an agent writes them anew for every request. */
  private static final Pattern MOVING_LINE =
      Pattern.compile(
          "(?i)today'?s date|current (?:date|time|datetime)|date and time|\\btimestamp\\b"
              + "|is directory a git repo|git (?:status|branch|repository)|current branch"
              + "|latest commit|head commit");

  /** The head of a paragraph or block about the repository, dropped up to its end. */
  private static final Pattern GIT_BLOCK =
      Pattern.compile(
          "(?i)^\\s*(?:<git[a-z_-]*>|gitStatus:|git status:|recent commits:|status:\\s*$)");

  private static final Pattern DATE_OR_TIME =
      Pattern.compile(
          "\\d{4}-\\d{2}-\\d{2}(?:[T ][0-9:.]+(?:Z|[+-]\\d{2}:?\\d{2})?)?"
              + "|\\d{1,2}[/.]\\d{1,2}[/.]\\d{4}"
              + "|\\b\\d{1,2}:\\d{2}(?::\\d{2})?(?:\\s?[AP]M)?\\b"
              + "|\\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\\s+)?"
              + "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\\.?\\s+"
              + "\\d{1,2},?\\s+\\d{4}\\b");

  private StablePrompt() {}

  static String of(String prompt) {
    StringBuilder kept = new StringBuilder(prompt.length());
    boolean inGit = false;
    for (String line : prompt.lines().toList()) {
      if (inGit) {
        inGit = !line.isBlank() && !line.stripLeading().startsWith("</");
      } else if (GIT_BLOCK.matcher(line).lookingAt()) {
        inGit = !line.contains("</");
      } else if (!MOVING_LINE.matcher(line).find()) {
        kept.append(DATE_OR_TIME.matcher(line).replaceAll("*").strip()).append('\n');
      }
    }
    return kept.toString();
  }
}
