package dev.plimsoll.testing;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Tells how much memory a piece of work asks for, whether it keeps it or not. */
public final class Heap {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Heap() {}

  /**
   * The bytes that the work allocates on this thread. It is done twice and the second time counts,
   * so that loading classes does not.
   */
  public static long allocatedBy(Runnable work) {
    work.run();
    long before = THREADS.getCurrentThreadAllocatedBytes();
    work.run();
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
