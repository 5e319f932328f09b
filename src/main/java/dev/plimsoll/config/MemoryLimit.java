package dev.plimsoll.config;

/** How much memory something may take: a share of the heap, or a size. */
public sealed interface MemoryLimit {
  /** A share of the largest heap that the JVM may have. */
  record HeapShare(int percent) implements MemoryLimit {}

  /** A size, whatever the heap is. */
  record Size(long value) implements MemoryLimit {}

  /**
   * The limit in bytes.
   *
   * @param heap the largest heap, in bytes
   */
  default long bytes(long heap) {
    return switch (this) {
      case HeapShare(int percent) -> heap / 100 * percent;
      case Size(long value) -> value;
    };
  }
}
