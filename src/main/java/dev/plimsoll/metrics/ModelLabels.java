package dev.plimsoll.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The models that have series of their own: the first {@value #MAX_MODELS} that were asked for
 * among those which the upstream lists.
 *
 * <p>A list may hold hundreds of names, and one model brings about a hundred series.
 */
final class ModelLabels {
  static final int MAX_MODELS = 64;
  static final int MAX_LENGTH = 64;

  private static final int HASH_DIGITS = 8;

  private final Map<String, ModelLabel> labels = new ConcurrentHashMap<>();

  /** The label of a model by its name in the upstream's list. */
  ModelLabel of(String listed) {
    ModelLabel known = labels.get(listed);
    return known == null ? learn(listed) : known;
  }

  private synchronized ModelLabel learn(String listed) {
    if (labels.size() >= MAX_MODELS || listed.isEmpty()) {
      return labels.getOrDefault(listed, ModelLabel.OTHER);
    }
    return labels.computeIfAbsent(listed, name -> new ModelLabel(shortened(name)));
  }

  /** Names that are equal up to the cut still differ behind it. */
  private static String shortened(String name) {
    return name.length() <= MAX_LENGTH
        ? name
        : "%s~%08x".formatted(name.substring(0, MAX_LENGTH - 1 - HASH_DIGITS), name.hashCode());
  }
}
