package dev.plimsoll.it;

/**
 * What comes of a fault. An outcome is a word and, behind a space, its detail: {@code text} or
 * {@code length} (the finish) or {@code call} with a regular expression for the whole text, {@code
 * error} with the code.
 *
 * @param attempts how often the server is asked for a client that streams
 * @param joinedAttempts how often for one that does not
 * @param reason what the first attempt was, in the ledger and in metrics
 * @param streamed what a client gets that streams
 * @param joined what another client gets
 */
record Expected(int attempts, int joinedAttempts, String reason, String streamed, String joined) {
  static Expected of(int attempts, String reason, String both) {
    return of(attempts, reason, both, both);
  }

  static Expected of(int attempts, String reason, String streamed, String joined) {
    return new Expected(attempts, attempts, reason, streamed, joined);
  }

  /** The second answer is the client's. */
  static Expected again(String reason) {
    return of(2, reason, "text All done\\.");
  }

  /** The second answer is the client's, and a call. */
  static Expected call(String reason) {
    return of(2, reason, "call Here:");
  }

  /** Who streams gets both answers joined, who does not gets the second one. */
  static Expected goesOn(String reason) {
    return of(2, reason, "text (w\\d+ )+All done\\.", "text All done\\.");
  }

  /** The first answer is mended, nobody is asked again. */
  static Expected rescued() {
    return of(1, "text_tool_call", "call ");
  }

  /** Nothing helps. */
  static Expected error(int attempts, String reason, String code) {
    return of(attempts, reason, "error " + code);
  }

  int attempts(boolean stream) {
    return stream ? attempts : joinedAttempts;
  }

  String outcome(boolean stream) {
    return stream ? streamed : joined;
  }
}
