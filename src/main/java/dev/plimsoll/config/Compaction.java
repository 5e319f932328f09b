package dev.plimsoll.config;

import java.util.List;

/**
 * What is done with a conversation that has outgrown its window.
 *
 * @param mode whether it is made shorter
 * @param tail the part of the room for messages that at least stays as it was
 * @param reportUsage which prompt the usage of an answer tells
 * @param cache bytes that known conversations may take in memory; it only saves work
 */
public record Compaction(Mode mode, double tail, ReportUsage reportUsage, long cache) {

  /** Whether conversations are made shorter. */
  public enum Mode {
    /** Old rounds leave, and a log of what they came to stands behind the task. */
    LEDGER,
    /** Never: what does not fit is refused. */
    OFF
  }

  /** Which prompt an answer's usage tells. */
  public enum ReportUsage {
    /** The one that was sent. */
    EFFECTIVE,
    /** The one that the client sent. */
    ORIGINAL
  }

  static final Key<Mode> MODE =
      Key.of("compaction.mode", Choice.of(Mode.class), c -> c.compaction().mode());
  static final Key<Double> TAIL =
      Key.of("compaction.tail", new Fraction(0.05, 0.5), c -> c.compaction().tail());
  static final Key<ReportUsage> REPORT_USAGE =
      Key.of(
          "compaction.report-usage",
          Choice.of(ReportUsage.class),
          c -> c.compaction().reportUsage());
  static final Key<Long> CACHE =
      Key.of(
          "compaction.cache",
          new ByteSize(ByteSize.MIB, 64 * ByteSize.GIB),
          c -> c.compaction().cache());
  static final List<Key<?>> KEYS = List.of(MODE, TAIL, REPORT_USAGE, CACHE);

  public static final Compaction DEFAULT =
      new Compaction(Mode.LEDGER, 0.18, ReportUsage.EFFECTIVE, 64 * ByteSize.MIB);

  public Compaction {
    TAIL.require(tail);
    CACHE.require(cache);
  }

  static Compaction from(Settings settings) {
    return new Compaction(
        settings.get(MODE), settings.get(TAIL), settings.get(REPORT_USAGE), settings.get(CACHE));
  }
}
