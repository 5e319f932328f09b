package dev.plimsoll.compact;

import dev.plimsoll.chat.Role;
import dev.plimsoll.tokens.CallText;
import dev.plimsoll.tokens.MessageCounter;
import dev.plimsoll.tokens.MessageText;
import org.jspecify.annotations.Nullable;

/** Counts like a template with plain tags and a tokeniser of one token for four letters. */
final class LetterCounter implements MessageCounter {
  private static final int TAGS = 5;
  private static final int IMAGE = 768;

  @Override
  public int message(MessageText message, @Nullable Role before) {
    int tokens = TAGS + text(message.content()) + text(message.reasoning());
    for (CallText call : message.calls()) {
      tokens += TAGS + text(call.name()) + text(call.arguments());
    }
    boolean own = message.role() != Role.TOOL || before != Role.TOOL;
    return tokens + IMAGE * message.images() + (own ? 1 : 0);
  }

  @Override
  public int text(String text) {
    return Math.ceilDiv(text.length(), 4);
  }

  @Override
  public String id() {
    return "letters";
  }
}
