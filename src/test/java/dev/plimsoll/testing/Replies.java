package dev.plimsoll.testing;

import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Function;

/** What a test told the server to do next, per route or for all routes on which a model speaks. */
final class Replies {
  private final Map<Route, Queue<Reply>> queues = new EnumMap<>(Route.class);
  private final Map<Route, Function<RecordedRequest, Reply>> functions = new EnumMap<>(Route.class);
  private final Queue<Reply> common = new ArrayDeque<>();
  private Function<RecordedRequest, Reply> last = _ -> Answer.text("Hello", ",", " world", "!");

  synchronized void enqueue(Reply reply) {
    common.add(reply);
  }

  synchronized void enqueue(Route route, Reply reply) {
    queues.computeIfAbsent(route, _ -> new ArrayDeque<>()).add(reply);
  }

  synchronized void always(Route route, Function<RecordedRequest, Reply> function) {
    functions.put(route, function);
  }

  synchronized void otherwise(Function<RecordedRequest, Reply> function) {
    last = function;
  }

  /** Nothing for a route without a script that answers by itself. */
  Optional<Reply> next(Route route, RecordedRequest request) {
    Function<RecordedRequest, Reply> function;
    synchronized (this) {
      Queue<Reply> own = queues.get(route);
      Reply queued = own == null ? null : own.poll();
      if (queued == null && route.generates()) {
        queued = common.poll();
      }
      if (queued != null) {
        return Optional.of(queued);
      }
      function = functions.getOrDefault(route, last);
      if (!functions.containsKey(route) && !route.generates()) {
        return Optional.empty();
      }
    }
    // Outside the lock: a test's function may wait, and other requests must not wait with it.
    return Optional.of(function.apply(request));
  }

  synchronized int waiting() {
    return common.size() + queues.values().stream().mapToInt(Queue::size).sum();
  }
}
