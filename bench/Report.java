import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Collects the values of all repetitions and turns them into one Markdown table. */
final class Report {
  /** How a goal is to be read. */
  enum Judge {
    /** median / nginx's median ≤ goal */
    RATIO,
    /** (median − direct's) / (nginx's median − direct's) ≤ goal */
    ADDED_RATIO,
    /** median ≤ goal */
    VALUE,
    /** median ≥ goal */
    AT_LEAST,
    /** shown only */
    NONE
  }

  /**
   * @param steady whether direct is measured by time, so that its swing forbids a verdict
   */
  record Measure(
      String key,
      String title,
      Judge judge,
      double openAiGoal,
      double ollamaGoal,
      int digits,
      boolean steady) {}

  private final Map<String, Measure> measures = new LinkedHashMap<>();
  private final Map<String, List<Double>> values = new HashMap<>();
  private final List<String> notes = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();

  Report(List<Measure> order) {
    order.forEach(measure -> measures.put(measure.key(), measure));
  }

  void add(String key, String target, double value) {
    values.computeIfAbsent(key + "@" + target, k -> new ArrayList<>()).add(value);
  }

  void note(String note) {
    notes.add(note);
  }

  /** Records an answer that was not what the upstream said: the one thing that must never be. */
  void broken(String what) {
    broken.add(what);
  }

  boolean allIntact() {
    return broken.isEmpty();
  }

  String markdown(String title) {
    StringBuilder out = new StringBuilder("### " + title + "\n\n");
    out.append("| measure | direct | nginx | kind: openai | goal | | kind: ollama | goal | |\n");
    out.append("|---|---|---|---|---|---|---|---|---|\n");
    for (Measure measure : measures.values()) {
      if (values.keySet().stream().noneMatch(key -> key.startsWith(measure.key() + "@"))) {
        continue;
      }
      out.append("| ").append(measure.title()).append(" | ");
      out.append(cell(measure, Target.DIRECT)).append(" | ");
      out.append(cell(measure, Target.NGINX));
      judged(out, measure, Target.OPENAI, measure.openAiGoal());
      judged(out, measure, Target.OLLAMA, measure.ollamaGoal());
      out.append(" |\n");
    }
    out.append('\n');
    notes.forEach(note -> out.append("- ").append(note).append('\n'));
    if (broken.isEmpty()) {
      out.append("- Every answer was compared with what the upstream said: all intact.\n");
    }
    broken.forEach(what -> out.append("- **NOT INTACT**: ").append(what).append('\n'));
    return out.toString();
  }

  private void judged(StringBuilder out, Measure measure, String target, double goal) {
    List<Double> own = of(measure, target);
    out.append(" | ").append(cell(measure, target));
    double figure = figure(measure, target);
    boolean ratio = measure.judge() == Judge.RATIO || measure.judge() == Judge.ADDED_RATIO;
    if (ratio && !Double.isNaN(figure)) {
      out.append(" = **").append(number(figure, 2)).append("×**");
    }
    out.append(" | ");
    if (measure.judge() == Judge.NONE) {
      out.append("– | ");
      return;
    }
    out.append(measure.judge() == Judge.AT_LEAST ? "≥ " : "≤ ");
    out.append(goal(goal));
    out.append(ratio ? "×" : "").append(" | ");
    if (own.isEmpty() || Double.isNaN(figure)) {
      out.append("–");
    } else if (measure.steady() && swing(measure) > 2) {
      out.append("no verdict");
    } else {
      boolean met = measure.judge() == Judge.AT_LEAST ? figure >= goal : figure <= goal;
      out.append(met ? "met" : "**not met**");
    }
  }

  private double figure(Measure measure, String target) {
    double own = median(of(measure, target));
    double nginx = median(of(measure, Target.NGINX));
    double direct = median(of(measure, Target.DIRECT));
    return switch (measure.judge()) {
      case RATIO -> own / nginx;
      case ADDED_RATIO ->
          nginx > direct ? Math.max(0, own - direct) / (nginx - direct) : Double.NaN;
      case VALUE, AT_LEAST, NONE -> own;
    };
  }

  private double swing(Measure measure) {
    List<Double> direct = of(measure, Target.DIRECT);
    return direct.isEmpty()
        ? 1
        : direct.stream().mapToDouble(v -> v).max().orElse(1)
            / direct.stream().mapToDouble(v -> v).min().orElse(1);
  }

  private String cell(Measure measure, String target) {
    List<Double> all = of(measure, target);
    if (all.isEmpty()) {
      return "–";
    }
    String middle = number(median(all), measure.digits());
    if (all.size() == 1) {
      return middle;
    }
    double min = all.stream().mapToDouble(v -> v).min().orElse(0);
    double max = all.stream().mapToDouble(v -> v).max().orElse(0);
    return middle
        + " ["
        + number(min, measure.digits())
        + "–"
        + number(max, measure.digits())
        + "]";
  }

  private List<Double> of(Measure measure, String target) {
    return values.getOrDefault(measure.key() + "@" + target, List.of());
  }

  private static double median(List<Double> all) {
    if (all.isEmpty()) {
      return Double.NaN;
    }
    List<Double> sorted = all.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  private static String goal(double value) {
    return value == Math.rint(value) ? number(value, 0) : number(value, 2).replaceFirst("0$", "");
  }

  private static String number(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
