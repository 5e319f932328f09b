package dev.plimsoll.recover;

import dev.plimsoll.calls.Defect;
import dev.plimsoll.calls.Flaw;

/** What a model is told about an answer that was no good; the client never sees it. */
final class Notes {
  private static final String BEGIN = "[Note from the proxy, not from the user] ";

  static final String EMPTY =
      BEGIN
          + "Your last answer was empty. Go on with the task: call a tool, or answer in words. If"
          + " the task is done, say so.";
  static final String TOO_MUCH_REASONING =
      BEGIN
          + "Your last answer consisted of reasoning only and reached its length limit. Answer now,"
          + " with as little reasoning as possible.";
  static final String CUT_CALL =
      BEGIN
          + "Your last tool call reached the length limit of an answer and was not run. Make a"
          + " shorter one, for example by writing a large file in several steps.";
  static final String REPEATING =
      BEGIN
          + "Your last answer said the same over and over and was stopped. Go on with the task"
          + " without repeating yourself.";
  static final String CALL_WANTED =
      BEGIN + "This request needs an answer that is a tool call. Call a tool now.";

  static final String MAKE_THE_CALL =
      BEGIN
          + "Your answer broke off in a tool call, which was not run. Make the call now, complete."
          + " Do not repeat the text before it.";

  private Notes() {}

  static String goOn(String tail) {
    return BEGIN
        + "Your answer broke off. Go on exactly where it stopped, without repeating anything and"
        + " without a word about this. It ended with: "
        + tail;
  }

  static String brokenCall(Flaw flaw) {
    return BEGIN
        + "Your last tool call was not run: "
        + flaw.defect().words()
        + ". "
        + (flaw.detail().isEmpty() || flaw.defect() == Defect.UNREADABLE ? "" : flaw.detail() + " ")
        + "Make the call again, complete and in the form in which you were told to make calls.";
  }

  static String loop(int times) {
    return BEGIN
        + "You have done the same "
        + times
        + " times now, with the same result each time. Do not do it again: try something else, or"
        + " say what keeps you from going on.";
  }
}
