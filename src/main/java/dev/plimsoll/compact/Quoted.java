package dev.plimsoll.compact;

import java.util.regex.Pattern;

/**
 * Foreign text made safe to stand in a record: single lines without control characters, of limited
 * length, without what a chat template writes around turns and calls.
 *
 * <p>Source of the list: the templates of Qwen, Llama, Mistral, Gemma, GLM, DeepSeek, gpt-oss and
 * Hermes models. Half of such a mark means nothing to a tokeniser, so only whole ones are taken
 * out.
 */
final class Quoted {
  private static final Pattern TEMPLATE =
      Pattern.compile(
          "<[|\uFF5C][^<>|\uFF5C\\v]{1,64}[|\uFF5C]>"
              + "|</?(?:tool_calls?|tool_response|tool|think|arg_key|arg_value|start_of_turn)>"
              + "|</?(?:end_of_turn|bos|eos|s|function|parameter)>"
              + "|<(?:function|parameter)=[^<>\\v]{0,64}>"
              + "|\\[/?(?:INST|TOOL_CALLS|TOOL_RESULTS|AVAILABLE_TOOLS|SYSTEM_PROMPT)\\]"
              + "|\\[/?(?:ARGS|CALL_ID)\\]|\\[gMASK\\]|<</?SYS>>");

  private Quoted() {}

  /**
   * The text in one line of at most {@code most} characters, runs of white space as one blank. What
   * is too long ends at the end of a word.
   */
  static String line(String text, int most) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), most) + 1);
    boolean gap = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isWhitespace(c) || isControl(c)) {
        gap = !out.isEmpty();
        continue;
      }
      if (out.length() + (gap ? 1 : 0) >= most) {
        cutWord(out, gap);
        break;
      }
      if (gap) {
        out.append(' ');
        gap = false;
      }
      out.append(c);
    }
    return withoutTemplate(whole(out));
  }

  /** Takes the last word away if it is only begun and makes up less than half. */
  private static void cutWord(StringBuilder out, boolean ended) {
    int end = ended ? out.length() : out.lastIndexOf(" ");
    if (end > out.length() / 2) {
      out.setLength(end);
    }
  }

  /** One line of code of at most {@code most} characters: its indent and inner blanks stay. */
  static String code(String line, int most) {
    StringBuilder out = new StringBuilder(Math.min(line.length(), most) + 1);
    for (int i = 0; i < line.length() && out.length() < most; i++) {
      char c = line.charAt(i);
      if (c == '\t' || !isControl(c)) {
        out.append(c);
      }
    }
    return withoutTemplate(whole(out)).stripTrailing();
  }

  private static boolean isControl(char c) {
    return Character.isISOControl(c)
        || Character.getType(c) == Character.FORMAT
        || c == '\u2028'
        || c == '\u2029';
  }

  /** Half of a character outside the basic plane does not stay at the end. */
  private static String whole(StringBuilder out) {
    int end = out.length();
    if (end > 0 && Character.isHighSurrogate(out.charAt(end - 1))) {
      out.setLength(end - 1);
    }
    return out.toString();
  }

  private static String withoutTemplate(String text) {
    String safe = text;
    while (safe.indexOf('<') >= 0 || safe.indexOf('[') >= 0) {
      String next = TEMPLATE.matcher(safe).replaceAll("");
      if (next.length() == safe.length()) {
        break;
      }
      safe = next; // what was taken out may have stood between the halves of another one
    }
    return safe;
  }
}
