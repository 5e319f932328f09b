package dev.plimsoll.compact;

import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.tokens.MessageCounter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the plan of a conversation: a fold over its messages as they arrived.
 *
 * <p>A request boundary lies before every assistant's message and at the end. At each of them, when
 * what was folded does not fit its budget, a batch makes room in one go; between batches the plan
 * only grows at its end, so that the prompt sent last stays the beginning of the next. What counts
 * is content alone, so any process makes the same plan, whether it saw the conversation grow or
 * not.
 */
public final class Fold {
  /** States behind batches that are kept of a conversation, for an agent that goes back. */
  private static final int BATCHES = 1;

  private final FoldCache cache;

  /** A fold that remembers where it stood. */
  public Fold(FoldCache cache) {
    this.cache = cache;
  }

  /**
   * The plan for a request under some terms; safe for use by many threads.
   *
   * @param counter must count for the model and form that the terms' fixed part was counted for
   */
  public Plan plan(ChatRequest request, Terms terms, MessageCounter counter) {
    Transcript transcript = new Transcript(request);
    Chain chain = Chain.of(transcript, terms, counter.id());
    Found found = find(transcript, chain);
    Walk walk =
        found == null
            ? new Walk(transcript, terms, counter)
            : new Walk(transcript, terms, counter, found.state());
    walk.run();
    State open = walk.state();
    walk.boundary();
    State closed = walk.batches() > open.batches() ? walk.state() : open;
    remember(chain, transcript.size(), found, open, closed);
    return PlanMaker.plan(walk);
  }

  /** A beginning that is known: how many messages, where the fold stood, and what is kept of it. */
  private record Found(int count, State state, FoldCache.Known known) {}

  private @Nullable Found find(Transcript transcript, Chain chain) {
    for (int count = transcript.size(); count > 0; count--) {
      FoldCache.Known known = cache.get(chain.at(count));
      if (known != null && known.open().task() == transcript.task()) {
        boolean ended = count == transcript.size() || transcript.startsAnswer(count);
        return new Found(count, ended ? known.closed() : known.open(), known);
      }
    }
    return null;
  }

  /** Keeps the newest state of a conversation and the one at its last batch. */
  private void remember(Chain chain, int count, @Nullable Found found, State open, State closed) {
    List<Chain.Key> batches = new ArrayList<>();
    if (found != null) {
      batches.addAll(found.known().batches());
      boolean sameRecord = found.state().batches() == open.batches();
      if (found.count() < count && sameRecord && !batches.contains(chain.at(found.count()))) {
        cache.drop(chain.at(found.count()));
      }
    }
    int before = found == null ? 0 : found.state().batches();
    boolean batch = closed.batches() > before;
    if (batch && !batches.contains(chain.at(count))) {
      batches.add(chain.at(count));
      if (batches.size() > BATCHES) {
        cache.drop(batches.removeFirst());
      }
    }
    cache.put(chain.at(count), new FoldCache.Known(open, closed, batches));
  }
}
