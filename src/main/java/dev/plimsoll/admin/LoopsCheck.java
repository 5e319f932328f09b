package dev.plimsoll.admin;

import io.vertx.core.Context;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Whether every event loop of the agents still runs what it is given. */
public final class LoopsCheck implements Check.Look {
  private static final String NAME = "event_loops";

  private final Supplier<List<Context>> loops;
  private final Duration limit;

  /** Looks at these loops, each of which has that long for an empty task. */
  public LoopsCheck(Supplier<List<Context>> loops, Duration limit) {
    this.loops = loops;
    this.limit = limit;
  }

  @Override
  public Check look() throws InterruptedException {
    List<Context> all = loops.get();
    CountDownLatch answered = new CountDownLatch(all.size());
    all.forEach(loop -> loop.runOnContext(_ -> answered.countDown()));
    boolean well = answered.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    String detail =
        (all.size() - answered.getCount()) + " of " + all.size() + " event loops answer.";
    return well ? Check.up(NAME, detail) : Check.down(NAME, detail);
  }
}
