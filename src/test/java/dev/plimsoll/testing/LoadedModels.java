package dev.plimsoll.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which models are loaded, and with which runner options.
 *
 * <p>A load only notes when the runner will be ready; every request for it then waits that long as
 * a step of its script, where a client that leaves is noticed.
 */
final class LoadedModels {
  private static final int LEAST_CONTEXT = 4;

  /** A runner and the options that a request must share not to reload it. */
  private record Runner(FakeModel model, int numCtx, boolean shift, long readyNanos) {}

  private final Dialect dialect;
  private final List<FakeModel> models;
  private final int defaultContext;
  private final Duration loadTime;
  private final Map<String, Runner> runners = new LinkedHashMap<>();
  private long loads;

  LoadedModels(Dialect dialect, List<FakeModel> models, int defaultContext, Duration loadTime) {
    this.dialect = dialect;
    this.models = List.copyOf(models);
    this.defaultContext = defaultContext;
    this.loadTime = loadTime;
  }

  List<FakeModel> listed() {
    return models;
  }

  /** A name without tag means the tag latest, as in Ollama. */
  Optional<FakeModel> find(String name) {
    return models.stream()
        .filter(model -> model.name().equals(name) || model.name().equals(name + ":latest"))
        .findFirst();
  }

  /** Makes sure the model runs with the options of this request; how long that still takes. */
  synchronized Duration use(FakeModel model, JsonNode request) {
    int numCtx = numCtx(model, request);
    // Only the newer generation starts its runner with the shift as a flag.
    boolean shift =
        dialect == Dialect.OLLAMA_024
            || (request.path("shift").asBoolean(true) && !model.family().equals("deepseek2"));
    Runner runner = runners.get(key(model));
    if (runner == null || runner.numCtx() != numCtx || runner.shift() != shift) {
      loads++;
      runner = new Runner(model, numCtx, shift, System.nanoTime() + loadTime.toNanos());
      runners.put(key(model), runner);
    }
    return Duration.ofNanos(Math.max(0, runner.readyNanos() - System.nanoTime()));
  }

  /** The newer generation has one runner for all models of the same weights. */
  private String key(FakeModel model) {
    return dialect == Dialect.OLLAMA_033 ? model.weights().orElse(model.name()) : model.name();
  }

  private int numCtx(FakeModel model, JsonNode request) {
    int own = model.ownNumCtx().orElse(defaultContext);
    int asked = request.path("options").path("num_ctx").asInt(own);
    return Math.min(model.trainedContext(), Math.max(LEAST_CONTEXT, asked));
  }

  synchronized void unload(String name) {
    find(name).ifPresent(model -> runners.remove(key(model)));
  }

  /** All runners are gone, as after an error of memory. */
  synchronized void crash() {
    runners.clear();
  }

  synchronized long loads() {
    return loads;
  }

  synchronized ObjectNode ps() {
    ObjectNode node = JsonText.object();
    ArrayNode array = node.putArray("models");
    String expires = Instant.now().plus(Duration.ofMinutes(5)).toString();
    runners.values().forEach(one -> array.add(one.model().running(one.numCtx(), expires)));
    return node;
  }
}
