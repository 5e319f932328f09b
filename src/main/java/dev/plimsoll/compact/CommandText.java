package dev.plimsoll.compact;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Shell commands as the log tells them. */
final class CommandText {
  /** Lines of commands that are shorter are not worth looking for. */
  static final int SHORTEST = 12;

  private static final int MOST = 500;
  private static final int AGAIN = 40;

  private static final Pattern SHOWS_FILE =
      Pattern.compile(
          "(?:^|[;&|\\n]\\s*)(?:cat|sed -n|head|tail|less|bat|nl|awk|git (?:diff|show)|type"
              + "|Get-Content)\\b");
  private static final Pattern GO = Pattern.compile("^cd (\\S+) *&& *");

  private CommandText() {}

  /** Whether the command shows what is in a file. */
  static boolean showsFile(String command) {
    return SHOWS_FILE.matcher(command).find();
  }

  /** The lines of a command by which it is known again, without blanks around them. */
  static List<String> lines(String command) {
    return command.lines().map(String::strip).filter(l -> l.length() >= SHORTEST).toList();
  }

  /**
   * The command without the lines that the model sees already, and with no change of folder that it
   * was in before; at most about {@value #MOST} characters.
   */
  static String shorten(String command, Sight sight) {
    String rest = command.strip();
    Matcher go = GO.matcher(rest);
    if (go.find()) {
      String folder = "cd " + go.group(1);
      if (sight.isLogged(folder)) {
        rest = rest.substring(go.end());
      }
      sight.log(folder);
    }
    StringBuilder out = new StringBuilder();
    for (String line : rest.split("\n", -1)) {
      String clean = Quoted.code(line, MOST);
      String bare = clean.strip();
      boolean known = bare.length() >= SHORTEST && sight.isLogged(bare);
      if (known && out.isEmpty()) {
        out.append(Quoted.line(bare, AGAIN)).append("...");
      }
      if (known || bare.isEmpty()) {
        continue;
      }
      if (out.length() + clean.length() > MOST) {
        return out.append(out.isEmpty() ? "" : "\n").append("...").toString();
      }
      out.append(out.isEmpty() ? "" : "\n").append(clean);
    }
    return out.toString();
  }
}
