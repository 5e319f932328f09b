package dev.plimsoll.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How large the context window is taken to be, for all models and for single ones.
 *
 * @param window the window in tokens; empty: what the server has loaded
 * @param advertise the window that agents are told; empty: worked out from the real one
 * @param answerReserve tokens kept free for the answer; empty: worked out from the window
 * @param safety the part of the window that is kept free for what counting may miss
 * @param models what differs for single models, by name
 */
public record Context(
    OptionalInt window,
    OptionalInt advertise,
    OptionalInt answerReserve,
    double safety,
    Map<String, Model> models) {
  /** What is set for one model. */
  public record Model(OptionalInt window) {}

  /** The path of the group whose names are the user's. */
  static final String MODELS = "context.models";

  // Names of models hold dots, colons and slashes, so that all between the two ends is the name.
  private static final Pattern MODEL_WINDOW = Pattern.compile("context\\.models\\.(.+)\\.window");

  static final Key<OptionalInt> WINDOW =
      Key.of("context.window", OrAuto.TOKENS, c -> c.context().window());
  static final Key<OptionalInt> ADVERTISE =
      Key.of("context.advertise", OrAuto.TOKENS, c -> c.context().advertise());
  static final Key<OptionalInt> ANSWER_RESERVE =
      Key.of("context.answer-reserve", OrAuto.TOKENS, c -> c.context().answerReserve());
  static final Key<Double> SAFETY =
      Key.of("context.safety", new Fraction(0, 0.5), c -> c.context().safety());
  static final List<Key<?>> KEYS = List.of(WINDOW, ADVERTISE, ANSWER_RESERVE, SAFETY);

  public static final Context DEFAULT =
      new Context(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), 0.02, Map.of());

  public Context {
    WINDOW.require(window);
    ADVERTISE.require(advertise);
    ANSWER_RESERVE.require(answerReserve);
    SAFETY.require(safety);
    models.forEach((name, model) -> modelWindow(name).require(model.window()));
    models = Map.copyOf(models);
  }

  static Context from(Settings settings) {
    Map<String, Model> models = new LinkedHashMap<>();
    for (String path : settings.paths()) {
      modelIn(path).ifPresent(name -> models.put(name, new Model(settings.get(modelWindow(name)))));
    }
    return new Context(
        settings.get(WINDOW),
        settings.get(ADVERTISE),
        settings.get(ANSWER_RESERVE),
        settings.get(SAFETY),
        models);
  }

  /** The key of one model's window. */
  static Key<OptionalInt> modelWindow(String name) {
    return Key.of(
        MODELS + "." + name + ".window",
        OrAuto.TOKENS,
        c -> {
          Model model = c.context().models().get(name);
          return model == null ? OptionalInt.empty() : model.window();
        });
  }

  /** The model whose window this path sets. */
  static Optional<String> modelIn(String path) {
    Matcher found = MODEL_WINDOW.matcher(path);
    return found.matches() ? Optional.of(found.group(1)) : Optional.empty();
  }

  /** Whether this path is the group of one model. */
  static boolean isModel(String path) {
    return path.startsWith(MODELS + ".") && path.length() > MODELS.length() + 1;
  }
}
