package dev.plimsoll.metrics;

import java.util.List;

/**
 * Every metric of Plimsoll's own: its name, its type, its labels and its help text.
 *
 * <p>Nothing else names a metric. {@code docs/metrics.md} says when each moves and what to do about
 * it; a test compares the page with a scrape.
 */
@SuppressWarnings("ImmutableEnumChecker") // its lists are copies that nobody can change
enum Metric {
  HTTP_REQUESTS(
      Type.COUNTER,
      "http_requests_total",
      "Requests on the agents' port, each counted once when it ends.",
      "endpoint",
      "code",
      "outcome"),
  REQUEST_DURATION(
      Buckets.REQUEST,
      "request_duration_seconds",
      "From a request's head to its last byte, for requests that a model was named in.",
      "endpoint",
      "model",
      "stream"),
  TIME_TO_FIRST_TOKEN(
      Buckets.WAIT,
      "time_to_first_token_seconds",
      "From a request's head to the first byte of its streamed answer, pings left out.",
      "model"),
  TIME_PER_OUTPUT_TOKEN(
      Buckets.PACE,
      "time_per_output_token_seconds",
      "Seconds that the upstream took for each token of a delivered answer.",
      "model"),
  TOKENS(
      Type.COUNTER,
      "tokens_total",
      "Tokens of all attempts; cached_input is part of input, reasoning is part of output.",
      "model",
      "type",
      "purpose",
      "source"),
  REQUEST_TOKENS(
      Buckets.TOKENS,
      "request_tokens",
      "Tokens of one delivered answer and of the prompt that it answers.",
      "model",
      "type"),
  CONTEXT_UTILIZATION(
      Buckets.SHARE,
      "context_utilization_ratio",
      "The part of the model's window that a prompt filled, where both are known.",
      "model"),
  CONTEXT_WINDOW(
      Type.GAUGE,
      "context_window_tokens",
      "The window of each listed model, as far as it is known.",
      "model",
      "origin"),
  TOKEN_ESTIMATE_ERROR(
      Buckets.ERROR,
      "token_estimate_error_ratio",
      "How far the count of a prompt before it was sent was off the upstream's own, as a part of"
          + " that.",
      "model"),
  COMPACTIONS(
      Type.COUNTER,
      "compactions_total",
      "Times that room was made in a conversation which had outgrown its window.",
      "model",
      "tier",
      "result"),
  COMPACTION_TOKENS_SAVED(
      Type.COUNTER,
      "compaction_tokens_saved_total",
      "Tokens of clients' prompts that were not sent because of compaction.",
      "model"),
  COMPACTION_DURATION(
      Buckets.PLAN,
      "compaction_duration_seconds",
      "How long it took to plan what is sent of a conversation that had outgrown its window.",
      "model"),
  SILENT_TRUNCATION(
      Type.COUNTER,
      "silent_truncation_detected_total",
      "Prompts of which the upstream counted so little that it must have cut them.",
      "model"),
  INFLIGHT_REQUESTS(
      Type.GAUGE, "inflight_requests", "Requests to a model that are being answered or wait."),
  QUEUED_REQUESTS(
      Type.GAUGE,
      "queued_requests",
      "Requests among these that wait for a place at their model (upstream.max-concurrent)."),
  QUEUE_WAIT(
      Buckets.WAIT, "queue_wait_seconds", "How long requests waited for a place at their model."),
  UPSTREAM_ATTEMPTS(
      Type.COUNTER,
      "upstream_attempts_total",
      "Calls to the upstream for an answer, counted when they end.",
      "model",
      "purpose",
      "outcome"),
  RECOVERIES(
      Type.COUNTER,
      "recoveries_total",
      "Failed attempts after which the upstream was asked again, by what came of it.",
      "model",
      "reason",
      "result"),
  DISCARDED_TOKENS(
      Type.COUNTER,
      "discarded_tokens_total",
      "Tokens that were generated and never delivered.",
      "model",
      "reason"),
  HELD(
      Buckets.WAIT,
      "held_seconds",
      "How long a part of an answer was held back from the client.",
      "reason"),
  TOOLCALL_REPAIRS(
      Type.COUNTER,
      "toolcall_repairs_total",
      "Answers whose tool calls were mended on their way.",
      "model",
      "repair"),
  REJECTED_REQUESTS(
      Type.COUNTER,
      "rejected_requests_total",
      "Requests and connections turned away before a model was asked.",
      "reason"),
  SSE_ANOMALIES(
      Type.COUNTER,
      "sse_anomalies_total",
      "Things in the upstream's streams that its protocol does not allow.",
      "kind"),
  UPSTREAM_UP(
      Type.GAUGE,
      "upstream_up",
      "1 while the upstream answers and its last attempts did not all fail, else 0."),
  UPSTREAM_LAST_SUCCESS(
      Type.GAUGE,
      "upstream_last_success_timestamp_seconds",
      "When an attempt last ended in a whole answer, in seconds since 1970; 0 for never."),
  UPSTREAM_GPU_SHARE(
      Type.GAUGE,
      "upstream_gpu_share_ratio",
      "The part of a loaded model that is in the GPU's memory; below 1 it spills to the CPU.",
      "model"),
  CLIENT_DISCONNECTS(
      Type.COUNTER,
      "client_disconnects_total",
      "Clients that left before their answer had ended, by what was going on.",
      "phase"),
  LEDGER_WRITES(
      Type.COUNTER, "ledger_writes_total", "Changes of rows that the ledger has made durable."),
  LEDGER_WRITE_ERRORS(
      Type.COUNTER,
      "ledger_write_errors_total",
      "Commits of the ledger that failed; their rows stay in memory and are tried again.",
      "reason"),
  LEDGER_PENDING(
      Type.GAUGE, "ledger_pending", "Changes of rows that wait in memory to be made durable."),
  LEDGER_COMMIT_DURATION(
      Buckets.COMMIT, "ledger_commit_duration_seconds", "How long the ledger's commits take."),
  SESSIONS_ACTIVE(
      Type.GAUGE, "sessions_active", "Sessions in which a request began in the last 5 minutes."),
  SESSIONS(Type.COUNTER, "sessions_total", "Sessions seen for the first time since the start."),
  EVENT_LOOP_LAG(
      Buckets.LAG, "event_loop_lag_seconds", "How late a task starts on a loop of the agents'."),
  BUILD_INFO(
      Type.GAUGE,
      "build_info",
      "Always 1; its labels say which versions run.",
      "version",
      "java",
      "vertx");

  private static final String PREFIX = "plimsoll_";

  /** How a metric moves. */
  enum Type {
    /** Only up. */
    COUNTER,
    /** Up and down. */
    GAUGE,
    /** Values in buckets. */
    HISTOGRAM
  }

  private final Type type;
  private final String shortName;
  private final String help;
  private final List<String> labels;
  private final List<Double> buckets;

  Metric(Type type, String shortName, String help, String... labels) {
    this(type, List.of(), shortName, help, labels);
  }

  Metric(Buckets buckets, String shortName, String help, String... labels) {
    this(Type.HISTOGRAM, buckets.bounds(), shortName, help, labels);
  }

  Metric(Type type, List<Double> buckets, String shortName, String help, String... labels) {
    this.type = type;
    this.buckets = List.copyOf(buckets);
    this.shortName = shortName;
    this.help = help;
    this.labels = List.of(labels);
  }

  /** The name with the prefix that all of them have. */
  String fullName() {
    return PREFIX + shortName;
  }

  Type type() {
    return type;
  }

  String help() {
    return help;
  }

  /** The names of its labels. */
  List<String> labels() {
    return labels;
  }

  /** The upper bounds of a histogram's buckets, but for the last one, which has none. */
  double[] buckets() {
    return buckets.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
