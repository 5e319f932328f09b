package dev.plimsoll.compact;

/**
 * Where a fold stands behind some messages; never changes, so that many requests may go on from it.
 *
 * @param task the message that holds the task, or {@link Transcript#NO_TASK}
 * @param count how many messages were folded
 * @param boundary the last boundary that was looked at, as a number of messages
 * @param from the first message that is still in the conversation, behind those of the head
 * @param batches how often room was made before
 * @param inRow at how many boundaries in a row there was a batch, up to now
 * @param head what the messages up to the task cost, without the log
 * @param taskShare how much of the task's message is sent, as one of {@code shares}
 * @param original what all folded messages cost as they came
 * @param live what the messages from {@code from} on cost as they are sent
 * @param costs the same one by one
 * @param shares how much of each of them is sent; {@link Shown#WHOLE} when it is sent as it came
 * @param memory all that is known of what left
 * @param shown what of it is in the prompt
 */
@SuppressWarnings("ArrayRecordComponent") // arrays of a state are never written and never compared
record State(
    int task,
    int count,
    int boundary,
    int from,
    int batches,
    int inRow,
    long head,
    float taskShare,
    long original,
    long live,
    int[] costs,
    float[] shares,
    Log memory,
    Log shown,
    NameUses uses,
    FileUses files) {
  private static final long OBJECTS = 300;

  /** Bytes that this keeps, what it shares with other states included. */
  long weight() {
    return OBJECTS
        + 8L * costs.length
        + memory.weight()
        + shown.weight()
        + uses.weight()
        + files.weight();
  }
}
