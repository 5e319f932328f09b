package dev.plimsoll.compact;

import java.util.List;

/**
 * What is sent of a conversation.
 *
 * @param placements what becomes of each message, in the order of the request
 * @param log what stands behind the task of what left; empty when nothing did
 * @param hosted whether a message of the client's carries the log; if not, one is made for it
 * @param taskCut whether the task is too long itself and lost its middle
 * @param tokens what the prompt will cost, its fixed part rounded up
 * @param originalTokens what it would cost unchanged, counted alike
 * @param fits whether it leaves room for the answer, if need be at the cost of the safety; one that
 *     does not could not be brought there by any means
 * @param batches at how many boundaries in a row up to this one room was made; 0 when it was not
 *     needed here
 * @param violations what was wrong with the plan that was made first, so that this gentler one took
 *     its place; normally empty
 */
public record Plan(
    List<Placement> placements,
    String log,
    boolean hosted,
    boolean taskCut,
    long tokens,
    long originalTokens,
    boolean fits,
    int batches,
    List<Violation> violations) {
  /** Copies the lists. */
  public Plan {
    placements = List.copyOf(placements);
    violations = List.copyOf(violations);
  }

  /** How much a plan takes away. */
  public enum Depth {
    /** Nothing: the request is sent as it came. */
    NONE,
    /** Parts of messages. */
    MASKED,
    /** Whole messages. */
    DROPPED
  }

  /** How much this plan takes away. */
  public Depth depth() {
    Depth depth = Depth.NONE;
    for (Placement placement : placements) {
      switch (placement.fate()) {
        case DROPPED -> {
          return Depth.DROPPED;
        }
        case MASKED, ELIDED -> depth = Depth.MASKED;
        case HOST -> depth = taskCut ? Depth.MASKED : depth;
        case KEPT -> {}
      }
    }
    return depth;
  }

  /** Whether the request is sent as it came. */
  public boolean isIdentity() {
    return depth() == Depth.NONE;
  }

  Plan with(List<Violation> found) {
    return new Plan(placements, log, hosted, taskCut, tokens, originalTokens, fits, batches, found);
  }
}
