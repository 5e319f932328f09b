package dev.plimsoll.soak;

/** When a client goes. */
enum Leave {
  WHEN_ANSWERED,
  IN_THE_MIDDLE_OF_ITS_BODY,
  AT_ONCE,
  AFTER_THE_HEAD,
  IN_THE_MIDDLE_OF_THE_ANSWER
}
