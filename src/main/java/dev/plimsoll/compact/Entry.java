package dev.plimsoll.compact;

/**
 * One record of the log: what became of something that is no longer in the conversation.
 *
 * @param kind what it tells
 * @param subject the file that it is about, else empty
 * @param call the call alone, as in the text; several lines when it is a script; empty when there
 *     is none
 * @param text whole lines, each with its line feed
 * @param tokens what the text costs
 * @param at the message that it was made from
 */
record Entry(Kind kind, String subject, String call, String text, int tokens, int at) {
  /** What records tell. */
  enum Kind {
    /** The user's words, verbatim. */
    USER,
    /** An account of earlier work that somebody wrote at the start of the conversation. */
    ACCOUNT,
    /** The agent's list of things to do. */
    TASKS,
    /** What the assistant said. */
    SAID,
    /** A call and what came of it. */
    DID,
    /** Lines of a file that are likely to be needed again. */
    EXCERPT,
    /** Names and commands of records that were condensed. */
    DIGEST
  }
}
