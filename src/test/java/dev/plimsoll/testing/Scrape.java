package dev.plimsoll.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Prometheus' text format, read as Prometheus reads it.
 *
 * @param help the help text of each metric
 * @param types the type of each metric
 * @param samples every line with a value, in their order
 */
public record Scrape(Map<String, String> help, Map<String, String> types, List<Sample> samples) {
  private static final String PREFIX = "plimsoll_";
  private static final Pattern SAMPLE = Pattern.compile("([a-z_0-9]+)(?:\\{(.*)\\})? (\\S+)");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

  /** A value under a name and labels. */
  public record Sample(String name, Map<String, String> labels, double value) {}

  /** Reads a scrape; an {@link AssertionError} for what is none. */
  public static Scrape parse(String text) {
    Map<String, String> help = new TreeMap<>();
    Map<String, String> types = new TreeMap<>();
    List<Sample> samples = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", 4);
      if (line.startsWith("# HELP ")) {
        help.put(words[2], words[3]);
      } else if (line.startsWith("# TYPE ")) {
        types.put(words[2], words[3]);
      } else {
        samples.add(sample(line));
      }
    }
    return new Scrape(help, types, samples);
  }

  private static Sample sample(String line) {
    Matcher sample = SAMPLE.matcher(line);
    if (!sample.matches()) {
      throw new AssertionError("no sample: " + line);
    }
    return new Sample(
        sample.group(1), labels(sample.group(2)), Double.parseDouble(sample.group(3)));
  }

  private static Map<String, String> labels(@Nullable String text) {
    Map<String, String> labels = new TreeMap<>();
    if (text != null) {
      Matcher label = LABEL.matcher(text);
      while (label.find()) {
        labels.put(label.group(1), label.group(2));
      }
    }
    return labels;
  }

  /** The samples of that name, without Plimsoll's prefix, that have these labels. */
  public List<Sample> all(String name, String... labels) {
    Map<String, String> wanted = new TreeMap<>();
    for (int i = 0; i < labels.length; i += 2) {
      wanted.put(labels[i], labels[i + 1]);
    }
    return samples.stream()
        .filter(sample -> sample.name().equals(PREFIX + name))
        .filter(sample -> sample.labels().entrySet().containsAll(wanted.entrySet()))
        .toList();
  }

  /** What these add up to; 0 when there is none. */
  public double sum(String name, String... labels) {
    return all(name, labels).stream().mapToDouble(Sample::value).sum();
  }
}
