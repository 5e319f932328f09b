package dev.plimsoll.compact;

import dev.plimsoll.tokens.MessageText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells calls and what came of them, each in a line; commands of several lines keep them. */
final class CallRecords {
  private static final int LONGEST_VALUE = 100;
  private static final int LONGEST_TASK = 120;
  private static final int FIRST_LINE = 40;

  /** Fewer lines need no count. */
  private static final int COUNTED = 3;

  private final Sight sight;
  private final StringBuilder told;

  /**
   * Records beside a log.
   *
   * @param log the text that the model sees already
   */
  CallRecords(Sight sight, String log) {
    this.sight = sight;
    this.told = new StringBuilder(log);
  }

  Draft of(int index, ToolUse use, @Nullable MessageText result) {
    String command = use.command();
    String path = use.path();
    List<String> sources = result == null ? List.of() : List.of(result.content());
    if (use.listsTasks()) {
      return new Draft(Entry.Kind.TASKS, index, "", "", tasks(use), true, sources);
    }
    String call = command != null ? CommandText.shorten(command, sight) : plain(use);
    call.lines().forEach(sight::log);
    String text = (command != null ? "ran: " : "") + call + outcome(result);
    told.append(text).append('\n');
    return new Draft(Entry.Kind.DID, index, path == null ? "" : path, call, text, false, sources);
  }

  /** The tool and its arguments; of a change only the file, since its text is an excerpt. */
  private String plain(ToolUse use) {
    StringBuilder out = new StringBuilder(Quoted.line(use.tool(), LONGEST_VALUE));
    for (ToolUse.Field field : use.fields()) {
      boolean path = field.value().equals(use.path());
      String value = Quoted.line(field.value(), LONGEST_VALUE);
      if (path) {
        out.append(' ').append(shortPath(value));
      } else if (!use.changes()) {
        out.append(' ').append(field.key()).append('=').append(value);
      }
    }
    return out.toString();
  }

  /** A path that was told in full before is told by its last two names. */
  private String shortPath(String path) {
    boolean known = sight.hasName(path);
    sight.addNames(path);
    int last = path.lastIndexOf('/');
    return known && last > 0 ? path.substring(path.lastIndexOf('/', last - 1) + 1) : path;
  }

  private static String tasks(ToolUse use) {
    StringBuilder out = new StringBuilder("tasks:");
    for (ToolUse.Field field : use.fields()) {
      String value = Quoted.line(field.value(), LONGEST_TASK);
      boolean status = ToolUse.isStatus(field.key());
      out.append(status ? " [" : " ").append(value).append(status ? "]" : "");
    }
    return out.toString();
  }

  private String outcome(@Nullable MessageText result) {
    if (result == null) {
      return "";
    }
    Result seen = Result.of(result.content());
    StringBuilder out = new StringBuilder();
    if (!seen.exit().isEmpty()) {
      out.append("exit ").append(seen.exit());
    }
    for (String line : seen.notable()) {
      if (told.indexOf(line) < 0) {
        out.append(out.isEmpty() ? "" : "; ").append(line);
      }
    }
    if (out.isEmpty()) {
      out.append(Quoted.line(seen.first(), FIRST_LINE));
    }
    if (seen.lines() > COUNTED) {
      out.append(" (").append(seen.lines()).append(" lines)");
    }
    return out.isEmpty() ? "" : " -> " + out;
  }
}
