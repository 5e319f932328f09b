package dev.plimsoll.metrics;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * The buckets of the histograms: fixed bounds, so that several Plimsolls can be added up, and
 * reaching as far as local models are slow.
 */
@SuppressWarnings("ImmutableEnumChecker") // its list is a copy that nobody can change
enum Buckets {
  /** Seconds of a whole request. */
  REQUEST(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600),
  /** Seconds until something begins. */
  WAIT(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600),
  /** Seconds for one token: 500 down to 1 a second. */
  PACE(0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1),
  /** Tokens, each bound twice the one before. */
  TOKENS(256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072, 262144),
  /** A part of a whole. */
  SHARE(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1),
  /** By what part of itself a number is wrong; not at all in the first. */
  ERROR(0, 0.005, 0.02, 0.05, 0.1, 0.25),
  /** Seconds of planning a prompt. */
  PLAN(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
  /** Seconds of a commit to a disk. */
  COMMIT(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5),
  /** Seconds that an event loop is late. */
  LAG(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5);

  private final List<Double> bounds;

  Buckets(double... bounds) {
    this.bounds = DoubleStream.of(bounds).boxed().toList();
  }

  List<Double> bounds() {
    return bounds;
  }
}
