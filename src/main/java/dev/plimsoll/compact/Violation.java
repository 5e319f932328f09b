package dev.plimsoll.compact;

/** An invariant that a plan breaks; none ever should. */
public enum Violation {
  /** A system message is not as it came, or stands elsewhere. */
  SYSTEM_CHANGED,
  /** The first message behind the system's is not the user's. */
  NOT_USER_FIRST,
  /** The user's first words are cut although they are short. */
  TASK_CHANGED,
  /** The newest message is gone. */
  LATEST_GONE,
  /** A result without its call, or a call without its result. */
  PAIR_BROKEN,
  /** Two messages in a row that had another one between them. */
  ROLE_ORDER,
  /** Arguments that were a JSON object and are none any more. */
  ARGUMENTS_BROKEN,
  /** An image of the newest user's message is gone. */
  IMAGE_GONE,
  /** It costs more than what it takes the place of. */
  LARGER
}
