package dev.plimsoll.metrics;

import dev.plimsoll.calls.Repair;
import dev.plimsoll.chat.Usage;
import dev.plimsoll.compact.Plan;
import dev.plimsoll.ledger.AttemptEnd;
import dev.plimsoll.ledger.AttemptOutcome;
import dev.plimsoll.ledger.LedgerWatch;
import dev.plimsoll.ledger.Outcome;
import dev.plimsoll.ledger.Purpose;
import dev.plimsoll.ledger.WriteFault;
import dev.plimsoll.stream.Anomaly;
import dev.plimsoll.stream.Held;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * What happens in the program, in numbers; its methods are named by what happened.
 *
 * <p>Every label comes from a closed set, so the number of series has a limit whatever clients
 * send. Safe for any number of threads; a call takes well under a microsecond and never waits.
 */
public final class Metrics {
  private static final double NANOS = 1e9;

  private final Registry registry = new Registry();
  private final ModelLabels models = new ModelLabels();
  private final UpstreamVitals vitals;
  private final SessionCount sessions;

  private final Counter requests = registry.counter(Metric.HTTP_REQUESTS);
  private final Histogram durations = registry.histogram(Metric.REQUEST_DURATION);
  private final Histogram firstTokens = registry.histogram(Metric.TIME_TO_FIRST_TOKEN);
  private final Histogram paces = registry.histogram(Metric.TIME_PER_OUTPUT_TOKEN);
  private final Counter tokens = registry.counter(Metric.TOKENS);
  private final Histogram sizes = registry.histogram(Metric.REQUEST_TOKENS);
  private final Histogram estimateErrors = registry.histogram(Metric.TOKEN_ESTIMATE_ERROR);
  private final Counter compactions = registry.counter(Metric.COMPACTIONS);
  private final Counter saved = registry.counter(Metric.COMPACTION_TOKENS_SAVED);
  private final Histogram plans = registry.histogram(Metric.COMPACTION_DURATION);
  private final Counter silentCuts = registry.counter(Metric.SILENT_TRUNCATION);
  private final Histogram fills = registry.histogram(Metric.CONTEXT_UTILIZATION);
  private final Histogram queueWaits = registry.histogram(Metric.QUEUE_WAIT);
  private final Counter attempts = registry.counter(Metric.UPSTREAM_ATTEMPTS);
  private final Counter recoveries = registry.counter(Metric.RECOVERIES);
  private final Counter discarded = registry.counter(Metric.DISCARDED_TOKENS);
  private final Histogram holds = registry.histogram(Metric.HELD);
  private final Counter repairs = registry.counter(Metric.TOOLCALL_REPAIRS);
  private final Counter rejections = registry.counter(Metric.REJECTED_REQUESTS);
  private final Counter anomalies = registry.counter(Metric.SSE_ANOMALIES);
  private final Counter disconnects = registry.counter(Metric.CLIENT_DISCONNECTS);
  private final Counter ledgerWrites = registry.counter(Metric.LEDGER_WRITES);
  private final Counter ledgerFaults = registry.counter(Metric.LEDGER_WRITE_ERRORS);
  private final Histogram ledgerCommits = registry.histogram(Metric.LEDGER_COMMIT_DURATION);
  private final Counter sessionsSeen = registry.counter(Metric.SESSIONS);
  private final Histogram loopLags = registry.histogram(Metric.EVENT_LOOP_LAG);

  /**
   * Makes all meters.
   *
   * @param versions what runs
   * @param vitals what is known of the upstream; learns from every attempt
   * @param nanoTime a monotonic clock
   */
  public Metrics(Versions versions, UpstreamVitals vitals, LongSupplier nanoTime) {
    this.vitals = vitals;
    this.sessions = new SessionCount(nanoTime);
    registry.gauge(Metric.UPSTREAM_UP, () -> vitals.up() ? 1 : 0);
    registry.gauge(
        Metric.UPSTREAM_LAST_SUCCESS,
        () -> vitals.lastSuccess().map(at -> at.toEpochMilli() / 1000.0).orElse(0.0));
    registry.gauge(Metric.SESSIONS_ACTIVE, sessions::active);
    registry.info(Metric.BUILD_INFO, versions.plimsoll(), versions.java(), versions.vertx());
    showZeros();
  }

  /** Series of small closed sets are there from the start: a rate needs the step from zero. */
  private void showZeros() {
    for (RejectReason reason : RejectReason.values()) {
      rejections.initLabelValues(reason.label());
    }
    for (Anomaly kind : Anomaly.values()) {
      anomalies.initLabelValues(kind.label());
    }
    for (Phase phase : Phase.values()) {
      disconnects.initLabelValues(phase.label());
    }
    for (WriteFault fault : WriteFault.values()) {
      ledgerFaults.initLabelValues(fault.label());
    }
  }

  /** Looks at these whenever metrics are written; called once, when they are there. */
  public void observe(Observed observed) {
    registry.gauge(Metric.INFLIGHT_REQUESTS, observed.inFlight()::getAsInt);
    registry.gauge(Metric.QUEUED_REQUESTS, observed.queued()::getAsInt);
    registry.gauge(Metric.LEDGER_PENDING, observed.ledgerPending()::getAsInt);
    registry.gauges(
        Metric.CONTEXT_WINDOW,
        observed.models(),
        models::of,
        (model, label, gauge) -> {
          String origin = model.configured() ? "config" : "detected";
          model.window().ifPresent(tokens -> gauge.call((double) tokens, label, origin));
        });
    registry.gauges(
        Metric.UPSTREAM_GPU_SHARE,
        observed.models(),
        models::of,
        (model, label, gauge) -> model.gpuShare().ifPresent(share -> gauge.call(share, label)));
  }

  /** The label of a model, by its name in the upstream's list. */
  public ModelLabel model(String listed) {
    return models.of(listed);
  }

  /** A request on the agents' port has ended. */
  public void request(Route route, int status, Outcome outcome) {
    requests.labelValues(route.label(), StatusLabel.of(status), outcome.label()).inc();
  }

  /** How long a request took in which a model was named. */
  public void duration(Route route, ModelLabel model, boolean stream, long nanos) {
    durations
        .labelValues(route.label(), model.value(), Boolean.toString(stream))
        .observe(nanos / NANOS);
  }

  /** When the first byte of a streamed answer left, seen from the request's head. */
  public void firstToken(ModelLabel model, long nanos) {
    firstTokens.labelValues(model.value()).observe(nanos / NANOS);
  }

  /** How long the upstream took for each token of an answer that was delivered. */
  public void pace(ModelLabel model, double nanosPerToken) {
    paces.labelValues(model.value()).observe(nanosPerToken / NANOS);
  }

  /** An attempt has ended, as the ledger was told. */
  public void attempt(ModelLabel model, Purpose purpose, AttemptEnd end) {
    attempts.labelValues(model.value(), purpose.label(), end.outcome().label()).inc();
    vitals.attempt(end.outcome());
    Usage usage = end.usage();
    count(usage.prompt(), model, "input", purpose, end);
    count(usage.completion(), model, "output", purpose, end);
    count(usage.cached(), model, "cached_input", purpose, end);
    count(usage.reasoning(), model, "reasoning", purpose, end);
    if (!end.delivered() && usage.completion() > 0) {
      discarded.labelValues(model.value(), end.outcome().label()).inc(usage.completion());
    }
  }

  private void count(long spent, ModelLabel model, String type, Purpose purpose, AttemptEnd end) {
    if (spent > 0) {
      tokens
          .labelValues(model.value(), type, purpose.label(), end.tokenSource().label())
          .inc(spent);
    }
  }

  /** An attempt failed, the upstream was asked again, and the request has ended. */
  public void recovery(ModelLabel model, AttemptOutcome reason, boolean recovered) {
    recoveries
        .labelValues(model.value(), reason.label(), recovered ? "recovered" : "exhausted")
        .inc();
  }

  /** An answer was delivered; {@code window} is 0 where nobody knows it. */
  public void delivered(ModelLabel model, Usage usage, long window) {
    sizes.labelValues(model.value(), "input").observe((double) usage.prompt());
    if (usage.completion() > 0) {
      sizes.labelValues(model.value(), "output").observe((double) usage.completion());
    }
    if (window > 0) {
      fills.labelValues(model.value()).observe((double) usage.prompt() / window);
    }
  }

  /** The server counted a prompt that was counted before it was sent. */
  public void compared(ModelLabel model, long planned, long counted) {
    estimateErrors
        .labelValues(model.value())
        .observe(Math.abs((double) (planned - counted)) / counted);
  }

  /** Room was made in a conversation, or could not be made. */
  public void compacted(ModelLabel model, Plan.Depth depth, CompactionResult result) {
    String tier = depth.name().toLowerCase(Locale.ROOT);
    compactions.labelValues(model.value(), tier, result.label()).inc();
  }

  /** It was planned what is sent of a conversation that had outgrown its window. */
  public void fitted(ModelLabel model, long nanos) {
    plans.labelValues(model.value()).observe(nanos / NANOS);
  }

  /** A request was sent with so many tokens fewer than it came with. */
  public void saved(ModelLabel model, long count) {
    saved.labelValues(model.value()).inc(count);
  }

  /** The server cut a prompt without a word. */
  public void cutInSilence(ModelLabel model) {
    silentCuts.labelValues(model.value()).inc();
  }

  /** A place at a model was waited for. */
  public void queued(long nanos) {
    queueWaits.observe(nanos / NANOS);
  }

  /** A part of an answer was held back for so long. */
  public void held(Held what, long nanos) {
    holds.labelValues(what.label()).observe(nanos / NANOS);
  }

  /** An answer's tool calls were mended. */
  public void repaired(ModelLabel model, Repair repair) {
    repairs.labelValues(model.value(), repair.label()).inc();
  }

  /** A request or a connection was turned away. */
  public void rejected(RejectReason reason) {
    rejections.labelValues(reason.label()).inc();
  }

  /** Something odd was in an upstream's stream. */
  public void anomaly(Anomaly kind) {
    anomalies.labelValues(kind.label()).inc();
  }

  /** A client left before its answer had ended. */
  public void disconnected(Phase phase) {
    disconnects.labelValues(phase.label()).inc();
  }

  /** A request has begun in a session. */
  public void session(String id) {
    if (sessions.seen(id)) {
      sessionsSeen.inc();
    }
  }

  /** A task of an agents' loop began that late. */
  public void loopLag(long nanos) {
    loopLags.observe(nanos / NANOS);
  }

  /** What a ledger tells its work to. */
  public LedgerWatch ledger() {
    return new LedgerWatch() {
      @Override
      public void committed(int rows, long nanos) {
        ledgerWrites.inc(rows);
        ledgerCommits.observe(nanos / NANOS);
      }

      @Override
      public void failed(WriteFault fault) {
        ledgerFaults.labelValues(fault.label()).inc();
      }
    };
  }

  /** All of them, written; reads files of the system, so it is not for an event loop. */
  public byte[] scrape(Exposition form) {
    return registry.scrape(form);
  }
}
