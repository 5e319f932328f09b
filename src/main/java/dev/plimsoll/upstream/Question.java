package dev.plimsoll.upstream;

import dev.plimsoll.chat.ModelRequest;
import dev.plimsoll.recover.Changes;
import dev.plimsoll.recover.Continuation;
import dev.plimsoll.tokens.AnswerRoom;
import org.jspecify.annotations.Nullable;

/**
 * What a model is asked: the client's request, and what is different about it this time.
 *
 * @param from the answer to go on with; null to begin anew
 * @param room what an answer can have behind all that; caps are lowered to it
 */
public record Question(
    ModelRequest request, Changes changes, @Nullable Continuation from, AnswerRoom room) {
  /** The same with another request in the client's place, and so much room behind it. */
  public Question with(ModelRequest other, AnswerRoom left) {
    return new Question(other, changes, from, left);
  }

  /** Just what the client asks. */
  public static Question of(ModelRequest request) {
    return new Question(request, Changes.NONE, null, AnswerRoom.UNKNOWN);
  }

  /** The words for the model that stand behind the conversation; null when there are none. */
  public @Nullable String note() {
    Continuation going = from;
    if (going == null) {
      return changes.note();
    }
    return going.way() == Continuation.Way.TOLD ? going.note() : null;
  }

  /** The answer so far, when it is to go on; null when it begins anew. */
  public @Nullable String answered() {
    return from == null ? null : from.text();
  }
}
