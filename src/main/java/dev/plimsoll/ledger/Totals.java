package dev.plimsoll.ledger;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The sums of everything that ever ended, whether its rows are still kept or not.
 *
 * @param lines by model, purpose and source, the most tokens first
 * @param lost what is in no line, because it could not be written
 */
public record Totals(List<Line> lines, Lost lost) {
  /** More lines than this are added up in one for {@link #OTHER}. */
  static final int MAX_LINES = 1000;

  /** Stands for the models that have no line of their own. */
  static final String OTHER = "other";

  private static final Comparator<Line> MOST_FIRST =
      Comparator.comparingLong((Line line) -> line.sums().total())
          .reversed()
          .thenComparing(Line::model)
          .thenComparing(Line::purpose)
          .thenComparing(Line::source);

  /** Sorts the lines, and joins those that are too many. */
  static Totals of(List<Line> lines, Lost lost) {
    List<Line> sorted = lines.stream().sorted(MOST_FIRST).toList();
    if (sorted.size() <= MAX_LINES) {
      return new Totals(sorted, lost);
    }
    List<Line> kept = new ArrayList<>(sorted.subList(0, MAX_LINES));
    sorted.stream()
        .skip(MAX_LINES)
        .collect(
            Collectors.groupingBy(
                line -> new Line(OTHER, line.purpose(), line.source(), Sums.ZERO),
                Collectors.reducing(Sums.ZERO, Line::sums, Sums::plus)))
        .forEach((line, sums) -> kept.add(new Line(OTHER, line.purpose(), line.source(), sums)));
    return new Totals(kept, lost);
  }

  /** Copies the list. */
  public Totals {
    lines = List.copyOf(lines);
  }

  /**
   * What the attempts of one kind add up to.
   *
   * @param model as the upstream spells it
   * @param purpose why they were made
   * @param source where their numbers come from
   * @param sums the numbers
   */
  public record Line(String model, Purpose purpose, TokenSource source, Sums sums) {}

  /**
   * Numbers added up.
   *
   * @param attempts how many have ended
   * @param prompt tokens of their prompts
   * @param completion tokens generated, reasoning included
   * @param cached the part of prompt that a cache already held
   * @param reasoning the part of completion that was reasoning
   * @param discarded the part of prompt and completion of which the client got nothing
   */
  public record Sums(
      long attempts, long prompt, long completion, long cached, long reasoning, long discarded) {
    /** Nothing yet. */
    public static final Sums ZERO = new Sums(0, 0, 0, 0, 0, 0);

    /** One attempt. */
    static Sums of(AttemptEnd end) {
      var usage = end.usage();
      return new Sums(
          1,
          usage.prompt(),
          usage.completion(),
          usage.cached(),
          usage.reasoning(),
          end.delivered() ? 0 : usage.total());
    }

    /** Both together. */
    public Sums plus(Sums more) {
      return new Sums(
          attempts + more.attempts,
          prompt + more.prompt,
          completion + more.completion,
          cached + more.cached,
          reasoning + more.reasoning,
          discarded + more.discarded);
    }

    /** Everything that the upstream processed. */
    public long total() {
      return prompt + completion;
    }
  }

  /**
   * What was never written, or can no longer be read.
   *
   * @param requests that have no row
   * @param attempts that have no row
   * @param tokens that these cost, as far as that was still known
   */
  public record Lost(long requests, long attempts, long tokens) {
    /** Nothing is missing. */
    public static final Lost NOTHING = new Lost(0, 0, 0);
  }

  /** Everything in one. */
  public Sums sum() {
    return lines.stream().map(Line::sums).reduce(Sums.ZERO, Sums::plus);
  }
}
