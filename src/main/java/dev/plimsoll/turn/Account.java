package dev.plimsoll.turn;

import dev.plimsoll.calls.Repair;
import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.chat.Usage;
import dev.plimsoll.compact.Plan;
import dev.plimsoll.ledger.AttemptEnd;
import dev.plimsoll.ledger.AttemptOutcome;
import dev.plimsoll.ledger.AttemptStart;
import dev.plimsoll.ledger.Compaction;
import dev.plimsoll.ledger.Ledger;
import dev.plimsoll.ledger.Outcome;
import dev.plimsoll.ledger.Progress;
import dev.plimsoll.ledger.PromptSize;
import dev.plimsoll.ledger.Purpose;
import dev.plimsoll.ledger.RequestEnd;
import dev.plimsoll.ledger.RequestStart;
import dev.plimsoll.ledger.TokenSource;
import dev.plimsoll.metrics.CompactionResult;
import dev.plimsoll.metrics.Metrics;
import dev.plimsoll.metrics.Phase;
import dev.plimsoll.session.Identity;
import dev.plimsoll.stream.Anomaly;
import dev.plimsoll.stream.Answer;
import dev.plimsoll.stream.PlimsollUsage;
import dev.plimsoll.tokens.Planned;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The accounts of one request: its rows in the ledger, and its line in the log. */
final class Account {
  private static final Logger LOG = LoggerFactory.getLogger("dev.plimsoll.request");

  private final Ledger ledger;
  private final Metrics metrics;
  private final Tally tally;
  private final Clock clock;
  private final Arrival arrival;
  private @Nullable Identity identity;
  private String model = "";
  private boolean stream;
  private int attempts;
  private Purpose why = Purpose.MAIN;
  private @Nullable Meter meter;
  private long window;
  private Usage usage = Usage.NONE;
  private int parts;
  private boolean counted;
  private boolean generated;
  private @Nullable Planned original;
  private @Nullable Planned sent;
  private @Nullable Compaction compaction;
  private boolean closed;

  /** Set on the loop when an attempt's answer begins. */
  private volatile boolean answering;

  Account(Parts parts, Arrival arrival) {
    this.ledger = parts.ledger();
    this.metrics = parts.metrics();
    this.clock = parts.clock();
    this.arrival = arrival;
    this.tally = new Tally(metrics, parts.server(), arrival.endpoint());
  }

  void open(Identity who, String asked, boolean streams) {
    identity = who;
    model = asked;
    stream = streams;
    ledger.open(new RequestStart(arrival.id(), who, asked, streams, arrival.startedAt()));
    tally.open(who.id().value(), asked, streams);
  }

  void window(long tokens) {
    window = tokens;
  }

  /** The prompt was counted, as it would be if the request were sent as it came. */
  void planned(Planned prompt) {
    original = prompt;
  }

  /**
   * This is what will be sent.
   *
   * @param shorter what was done to make it fit; null when it is sent as it came
   */
  void sending(Planned prompt, @Nullable Compaction shorter) {
    sent = prompt;
    compaction = shorter;
  }

  /** It took so long to plan a conversation that had outgrown its window. */
  void fitted(long nanos) {
    tally.fitted(nanos);
  }

  /** Room was made in the conversation, or could not be made. */
  void compacted(Plan.Depth depth, CompactionResult result) {
    tally.compacted(depth, result);
  }

  /** The server counted a prompt that was planned. */
  void compared(long planned, long counted) {
    tally.compared(planned, counted);
  }

  /** The server cut a prompt without a word. */
  void cutInSilence() {
    tally.cutInSilence();
  }

  /** Tells the client what is known of its prompt. */
  void tell(BiConsumer<String, String> header) {
    if (window > 0) {
      header.accept("x-plimsoll-window", Long.toString(window));
    }
    if (original != null) {
      header.accept("x-plimsoll-tokens-original", Long.toString(original.tokens()));
    }
    if (sent != null) {
      header.accept("x-plimsoll-tokens-sent", Long.toString(sent.tokens()));
      header.accept("x-plimsoll-compaction", tier());
    }
  }

  /** What stands in the answer's usage beside the tokens. */
  PlimsollUsage plimsollUsage() {
    OptionalLong before =
        original == null ? OptionalLong.empty() : OptionalLong.of(original.tokens());
    return new PlimsollUsage(before, compaction == null ? 0 : compaction.saved(), attempts, tier());
  }

  private String tier() {
    return compaction == null ? "none" : compaction.tier().label();
  }

  /** The answer with the prompt that the client sent in the place of the shorter one. */
  Answer withOriginalPrompt(Answer answer) {
    Usage told = answer.usage();
    return compaction == null || original == null || told == null
        ? answer
        : answer.with(
            new Usage(original.tokens(), told.completion(), told.cached(), told.reasoning()));
  }

  /** A place at the model was waited for. */
  void queued(long nanos) {
    metrics.queued(nanos);
  }

  /**
   * Opens an attempt and gives what measures it.
   *
   * @param purpose why there is one
   * @param upstreamModel the model as the upstream spells it
   * @param bytes of the request's body, to estimate its prompt from
   */
  Meter openAttempt(Purpose purpose, String upstreamModel, long bytes) {
    attempts++;
    answering = false;
    why = attempts == 1 ? Purpose.MAIN : purpose; // one that never reached the model was none
    Planned prompt = sent == null ? Meter.guess(bytes) : sent;
    Meter opened = new Meter(ledger, clock, arrival.id(), attempts, prompt);
    meter = opened;
    long after = clock.millisSince(arrival.startNanos());
    ledger.openAttempt(
        arrival.id(), new AttemptStart(attempts, why, upstreamModel, clock.now(), after));
    tally.attemptOpened();
    return opened;
  }

  /** Runs a task on the client's event loop once the rows so far are safe. */
  void afterCommit(Runnable task) {
    if (identity == null) {
      arrival.loop().run(task); // there are no rows
    } else {
      ledger.afterCommit(() -> arrival.loop().run(task));
    }
  }

  /** The upstream has begun to answer the attempt; on the loop. */
  void answering() {
    answering = true;
  }

  /** Something odd was in the upstream's stream; on the loop. */
  void noticed(Anomaly anomaly) {
    metrics.anomaly(anomaly);
  }

  /** The attempt's answer is good: how fast it came, 0 if unknown, and what was mended in it. */
  void answered(double nanosPerToken, Set<Repair> repairs) {
    tally.answered(nanosPerToken, repairs);
  }

  int attempts() {
    return attempts;
  }

  /**
   * Closes the attempt that is open, if one is.
   *
   * @param delivered whether what it generated is part of the client's answer
   * @param reason why the upstream stopped, as it told
   */
  void closeAttempt(AttemptOutcome outcome, boolean delivered, @Nullable FinishReason reason) {
    Meter open = meter;
    if (open == null) {
      return;
    }
    meter = null;
    Progress spent = open.spent(outcome);
    generated |= spent.usage().completion() > 0;
    if (delivered) {
      usage = parts == 0 ? spent.usage() : joined(usage, spent.usage());
      counted |= spent.tokenSource() != TokenSource.ESTIMATED;
      parts++;
    }
    AttemptEnd end =
        new AttemptEnd(
            outcome,
            spent.usage(),
            spent.tokenSource(),
            delivered,
            spent.durationMs(),
            spent.bytes(),
            reason);
    ledger.closeAttempt(arrival.id(), attempts, end);
    tally.attemptClosed(why, end);
  }

  private Phase phase() {
    if (attempts == 0) {
      return Phase.QUEUE;
    }
    if (answering) {
      return Phase.STREAM;
    }
    return attempts == 1 && meter != null ? Phase.PREFILL : Phase.RETRY;
  }

  /** One number for an answer in several parts: the prompt of the first, the words of all. */
  private static Usage joined(Usage first, Usage next) {
    return new Usage(
        first.prompt(),
        first.completion() + next.completion(),
        first.cached(),
        first.reasoning() + next.reasoning());
  }

  /** The answer begins anew: nothing of it so far is delivered. */
  void restarted() {
    usage = Usage.NONE;
    parts = 0;
    counted = false;
  }

  /** The tokens of all that is delivered; null when nobody counted any of it. */
  @Nullable Usage delivered() {
    return counted ? usage : null;
  }

  /** Whether the model has generated anything in any attempt. */
  boolean hasGenerated() {
    return generated;
  }

  /** Closes everything because the client left. */
  void clientLeft(int status, long firstByteNanos) {
    Phase left = phase();
    Meter open = meter;
    if (open != null) {
      closeAttempt(
          open.isSent() ? AttemptOutcome.CLIENT_CLOSED : AttemptOutcome.NOT_SENT,
          open.isDelivered(),
          null);
    }
    int told = status == 0 ? Outcome.NOBODY_TO_TELL : status;
    close(told, Outcome.CLIENT_CLOSED, null, firstByteNanos, left);
  }

  /** Closes the attempt because the program ends; the error that follows closes the request. */
  void abandoned() {
    Meter open = meter;
    if (open != null) {
      closeAttempt(
          open.isSent() ? AttemptOutcome.ABANDONED : AttemptOutcome.NOT_SENT,
          open.isDelivered(),
          null);
    }
  }

  /** Closes the attempt because of an exception; the error that follows closes the request. */
  void bug(RuntimeException cause) {
    LOG.atError().setCause(cause).addKeyValue("request", arrival.id()).log("a bug ended a request");
    closeAttempt(AttemptOutcome.ABANDONED, false, null);
  }

  /** Closes the request and writes its line; the first of several calls counts. */
  void close(int status, Outcome outcome, @Nullable FinishReason reason, long firstByteNanos) {
    close(status, outcome, reason, firstByteNanos, phase());
  }

  private void close(
      int status,
      Outcome outcome,
      @Nullable FinishReason reason,
      long firstByteNanos,
      Phase phase) {
    if (closed) {
      return;
    }
    closed = true;
    long nanos = clock.nanos() - arrival.startNanos();
    long millis = nanos / 1_000_000;
    long firstNanos = firstByteNanos == 0 ? 0 : firstByteNanos - arrival.startNanos();
    Long firstByte = firstByteNanos == 0 ? null : firstNanos / 1_000_000;
    if (identity != null) {
      RequestEnd end = new RequestEnd(status, outcome, reason, millis, firstByte, promptSize());
      ledger.close(arrival.id(), end);
    }
    if (compaction != null && attempts > 0) {
      tally.saved(compaction.saved());
    }
    tally.closed(status, outcome, nanos, firstNanos, usage, window, phase);
    log(status, outcome, millis, firstByte);
  }

  private PromptSize promptSize() {
    Long went = counted && usage.prompt() > 0 ? (Long) usage.prompt() : null;
    if (went == null && sent != null && attempts > 0) {
      went = sent.tokens();
    }
    return new PromptSize(
        original == null ? null : original.tokens(),
        went,
        window > 0 ? window : null,
        attempts > 0 ? compaction : null);
  }

  private void log(int status, Outcome outcome, long millis, @Nullable Long firstByte) {
    var line =
        LOG.atInfo()
            .addKeyValue("request", arrival.id())
            .addKeyValue("endpoint", arrival.endpoint().route())
            .addKeyValue("status", status)
            .addKeyValue("outcome", outcome.label())
            .addKeyValue("ms", millis);
    if (identity != null) {
      line =
          line.addKeyValue("kind", identity.kind().label())
              .addKeyValue("agent", identity.agent().label())
              .addKeyValue("model", model)
              .addKeyValue("stream", stream)
              .addKeyValue("attempts", attempts)
              .addKeyValue("prompt", usage.prompt())
              .addKeyValue("completion", usage.completion());
    }
    if (window > 0) {
      line = line.addKeyValue("window", window);
    }
    if (compaction != null) {
      line = line.addKeyValue("saved", compaction.saved());
    }
    if (firstByte != null) {
      line = line.addKeyValue("first_ms", firstByte);
    }
    line.log("request");
  }
}
