package dev.plimsoll.testing;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** One request and what became of it, for a test to look at and to wait for. */
public final class Exchange {
  /** How an exchange ended. */
  public sealed interface Ending {
    /** The response was handed to the socket as scripted. */
    record Answered() implements Ending {}

    /** The server itself broke off, as scripted. */
    record BrokenOff() implements Ending {}

    /** The client closed or reset the connection; noticed at that {@link System#nanoTime}. */
    record Aborted(long noticedNanos) implements Ending {}

    /** The fake was closed before the exchange was over. */
    record ShutDown() implements Ending {}
  }

  private final RecordedRequest request;
  private final CompletableFuture<Ending> ending = new CompletableFuture<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicLong bodyBytes = new AtomicLong();
  private final AtomicBoolean counted = new AtomicBoolean(true);
  private final Runnable onOver;
  private volatile boolean lastWrite;

  /** Makes one that counts as running until {@code onOver} is told, once. */
  Exchange(RecordedRequest request, Runnable onOver) {
    this.request = request;
    this.onOver = onOver;
  }

  public RecordedRequest request() {
    return request;
  }

  /** Body bytes that the socket has taken so far, without transfer framing. */
  public long bodyBytes() {
    return bodyBytes.get();
  }

  public boolean running() {
    return !ending.isDone();
  }

  /** Waits for the end; an {@link AssertionError} when it does not come in time. */
  public Ending await(Duration limit) {
    try {
      return ending.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(
          request.method() + " " + request.target() + " still runs after " + limit, e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Waits until the client left; an {@link AssertionError} when it ends in another way. */
  public Ending.Aborted awaitAbort(Duration limit) {
    Ending ended = await(limit);
    if (ended instanceof Ending.Aborted aborted) {
      return aborted;
    }
    throw new AssertionError("not aborted by the client but " + ended);
  }

  void wrote(long bytes) {
    bodyBytes.addAndGet(bytes);
  }

  /**
   * From now on a client that closes has got everything there was to get, and one that has read it
   * all may ask again before this thread runs on: so the exchange no longer counts as running.
   */
  void lastWrite() {
    lastWrite = true;
    over();
  }

  private void over() {
    if (counted.getAndSet(false)) {
      onOver.run();
    }
  }

  /** The connection is gone; true when that cut this exchange short. */
  boolean clientGone() {
    return !lastWrite && end(new Ending.Aborted(System.nanoTime()));
  }

  boolean end(Ending how) {
    boolean first = ending.complete(how);
    over.countDown();
    over();
    return first;
  }

  /** Waits that long, or until the exchange is over: then true. */
  boolean overWithin(Duration length) throws InterruptedException {
    return over.await(length.toNanos(), TimeUnit.NANOSECONDS);
  }
}
