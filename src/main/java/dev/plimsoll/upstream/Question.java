package dev.plimsoll.upstream;

import dev.plimsoll.chat.ModelRequest;
import dev.plimsoll.recover.Changes;
import dev.plimsoll.recover.Continuation;
import org.jspecify.annotations.Nullable;

/**
 * What a model is asked: the client's request, and what is different about it this time.
 *
 * @param from the answer to go on with; null to begin anew
 */
public record Question(ModelRequest request, Changes changes, @Nullable Continuation from) {
  /** Just what the client asks. */
  public static Question of(ModelRequest request) {
    return new Question(request, Changes.NONE, null);
  }

  /** The words for the model that stand behind the conversation; null when there are none. */
  @Nullable String note() {
    Continuation going = from;
    if (going == null) {
      return changes.note();
    }
    return going.way() == Continuation.Way.TOLD ? going.note() : null;
  }

  /** The answer so far, when it is to go on; null when it begins anew. */
  @Nullable String answered() {
    return from == null ? null : from.text();
  }
}
