package dev.plimsoll.tokens;

import dev.plimsoll.chat.Role;
import dev.plimsoll.tokens.RenderForm.CallForm;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the texts of a probe in the prompt that was made of it. */
final class PromptSlots {
  /** A text of a message where it stands. */
  record Found(int message, Slot slot, int start, int end) {}

  private static final String START = Probe.START;
  private static final String INNER_START = START.substring(1);
  private static final String END = Probe.END;
  private static final String INNER_END = END.substring(0, END.length() - 1);

  private final String prompt;
  private final List<MessageText> messages;
  private final @Nullable CallForm calls;
  private final List<Found> found = new ArrayList<>();

  PromptSlots(Rendered rendered, @Nullable CallForm calls) {
    this.prompt = rendered.prompt();
    this.messages = rendered.probe().messages();
    this.calls = calls;
  }

  /** All of them in the prompt's order; null when a message's texts do not stand together. */
  @Nullable List<Found> find() {
    for (int i = 0; i < messages.size(); i++) {
      MessageText message = messages.get(i);
      padded(i, Slot.Kind.REASONING, message.reasoning());
      padded(i, Slot.Kind.CONTENT, message.content());
      if (!message.calls().isEmpty()) {
        calls(i, message);
      }
    }
    for (int i = 0; i < messages.size(); i++) {
      toolName(i, messages.get(i));
    }
    found.sort(Comparator.comparingInt(Found::start));
    for (int i = 1; i < found.size(); i++) {
      if (found.get(i).message() < found.get(i - 1).message()) {
        return null;
      }
    }
    return found;
  }

  /** A probe's text, with the white space around it or without. */
  private void padded(int message, Slot.Kind kind, String text) {
    String word = text.strip();
    int start = word.isEmpty() ? -1 : prompt.indexOf(word);
    if (start < 0) {
      return;
    }
    int end = start + word.length();
    String before = prompt.substring(0, start);
    Slot.Strip startStrip = strip(before.endsWith(START), before.endsWith(INNER_START));
    Slot.Strip endStrip = strip(prompt.startsWith(END, end), prompt.startsWith(INNER_END, end));
    found.add(
        new Found(
            message,
            new Slot(kind, startStrip, endStrip),
            start - kept(startStrip),
            end + kept(endStrip)));
  }

  private static Slot.Strip strip(boolean whole, boolean inner) {
    return whole ? Slot.Strip.NOTHING : inner ? Slot.Strip.LINE_FEEDS : Slot.Strip.WHITE_SPACE;
  }

  /** How much of the white space beside a probe's word is left; both sides have as much. */
  private static int kept(Slot.Strip strip) {
    return switch (strip) {
      case NOTHING -> START.length();
      case LINE_FEEDS -> INNER_START.length();
      case WHITE_SPACE -> 0;
    };
  }

  private void calls(int message, MessageText text) {
    String written = RenderForm.callsText(text, calls);
    int start = written.isEmpty() ? -1 : prompt.indexOf(written);
    if (start >= 0) {
      Slot slot = Slot.of(Slot.Kind.CALLS);
      found.add(new Found(message, slot, start, start + written.length()));
    }
  }

  /** The name of the tool, if it stands between the call and the result's text. */
  private void toolName(int message, MessageText text) {
    if (text.role() != Role.TOOL) {
      return;
    }
    int content = start(message);
    int name = content < 0 ? -1 : prompt.lastIndexOf(text.toolName(), content);
    boolean inCalls = found.stream().anyMatch(slot -> slot.start() <= name && name < slot.end());
    if (name >= 0 && !inCalls && calls != null) {
      Slot slot = Slot.of(Slot.Kind.TOOL_NAME);
      found.add(new Found(message, slot, name, name + text.toolName().length()));
    }
  }

  private int start(int message) {
    return found.stream()
        .filter(slot -> slot.message() == message)
        .mapToInt(Found::start)
        .findFirst()
        .orElse(-1);
  }
}
