package dev.plimsoll.soak;

import java.util.SplittableRandom;

/** What a client wants, and how many of a hundred want it. */
enum Errand {
  CHAT(55),
  CALL(10),
  COMPLETION(8),
  EMBEDDINGS(7),
  DISCOVERY(10),
  REFUSED(10);

  private final int share;

  Errand(int share) {
    this.share = share;
  }

  static Errand any(SplittableRandom random) {
    int left = random.nextInt(100);
    for (Errand errand : values()) {
      left -= errand.share;
      if (left < 0) {
        return errand;
      }
    }
    throw new IllegalStateException("the shares do not make a hundred");
  }

  /** Whether a model is asked, so that its server's faults play a part. */
  boolean asksAModel() {
    return this != DISCOVERY && this != REFUSED;
  }
}
