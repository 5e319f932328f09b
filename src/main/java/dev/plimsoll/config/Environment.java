package dev.plimsoll.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads the variables whose names begin with PLIMSOLL_. */
final class Environment {
  /** Variables of the start script and of the tests, which are no keys. */
  static final Set<String> OTHERS =
      Set.of(
          "PLIMSOLL_JAVA_OPTS",
          "PLIMSOLL_JDKS",
          "PLIMSOLL_REAL_DIR",
          "PLIMSOLL_AGENTS_DIR",
          "PLIMSOLL_PROMETHEUS_DIR");

  private Environment() {}

  static Found read(Map<String, String> environment) {
    Map<String, String> paths = pathsByName();
    List<Setting> settings = new ArrayList<>();
    List<ConfigProblem> problems = new ArrayList<>();
    // Sorted, so that the same mistakes are always told in the same order.
    new TreeMap<>(environment)
        .forEach(
            (name, value) -> {
              String path = paths.get(name);
              if (path != null) {
                settings.add(new Setting(name, path, value));
              } else if (isOurs(name, value)) {
                problems.add(unknown(name, paths));
              }
            });
    return new Found(settings, problems);
  }

  private static boolean isOurs(String name, String value) {
    return name.startsWith(Key.ENVIRONMENT_PREFIX)
        && !OTHERS.contains(name)
        && !isServiceLink(name, value);
  }

  /** Kubernetes gives every pod such variables for a service that is called plimsoll. */
  private static boolean isServiceLink(String name, String value) {
    return name.matches("PLIMSOLL_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_\\d+_.*)")
        || (name.equals("PLIMSOLL_PORT") && value.matches("(tcp|udp|sctp)://.*"));
  }

  private static ConfigProblem unknown(String name, Map<String, String> paths) {
    if (name.startsWith("PLIMSOLL_CONTEXT_MODELS")) {
      return new ConfigProblem(
          name,
          "",
          "names of models do not fit into a variable",
          "accepted: context.models in the file, or --set context.models.NAME.window=TOKENS");
    }
    String nearest = NearestName.of(name, paths.keySet());
    return new ConfigProblem(name, "", "unknown variable", "the nearest known one is " + nearest);
  }

  private static Map<String, String> pathsByName() {
    Map<String, String> paths = new LinkedHashMap<>();
    Keys.ALL.forEach(key -> paths.put(key.environmentName(), key.path()));
    return paths;
  }
}
