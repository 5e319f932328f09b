package dev.plimsoll.real;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds what the tests of this package need, and skips them where it is missing. */
final class Installed {
  private Installed() {}

  /** A file or folder of the scripts and scenarios beside the project. */
  static Path shared(String first, String... more) {
    Path shared = Path.of(System.getProperty("plimsoll.shared", "../shared"));
    Path wanted = shared.resolve(Path.of(first, more)).toAbsolutePath().normalize();
    assumeTrue(
        Files.exists(wanted),
        "skipped: there is no " + wanted + "; -Dplimsoll.shared=FOLDER names another place");
    return wanted;
  }

  /** The folder of an Ollama of that generation. */
  static Path ollama(String generation) {
    Path folder = folder("PLIMSOLL_REAL_DIR", "install-ollama.sh");
    assumeTrue(
        Files.isExecutable(folder.resolve("gen-" + generation + "/bin/ollama")),
        "skipped: Ollama's generation "
            + generation
            + " is not installed; run install-ollama.sh FOLDER "
            + generation
            + " qwen");
    model(folder, "qwen-coder:0.5b");
    return folder;
  }

  /** Skips a test whose model is not in the folder of an Ollama. */
  static void model(Path folder, String name) {
    Path manifest =
        folder
            .resolve("models/manifests/registry.ollama.ai/library")
            .resolve(name.replace(':', '/'));
    assumeTrue(
        Files.isRegularFile(manifest),
        "skipped: the model " + name + " is not there; run install-ollama.sh FOLDER a smol qwen");
  }

  /** The folder of an agent that is there. */
  static Path agent(String name) {
    Path folder = folder("PLIMSOLL_AGENTS_DIR", "install-agents.sh");
    assumeTrue(
        Files.isExecutable(folder.resolve("bin").resolve(name)),
        "skipped: the agent " + name + " is not installed; run install-agents.sh FOLDER");
    return folder;
  }

  /** Prometheus or its promtool, from an unpacked package. */
  static Path prometheus(String name) {
    Path program =
        named("PLIMSOLL_PROMETHEUS_DIR", "an unpacked package of Prometheus")
            .resolve("usr/bin")
            .resolve(name);
    assumeTrue(Files.isExecutable(program), "skipped: there is no " + program);
    return program;
  }

  private static Path folder(String variable, String script) {
    return named(variable, "the folder that " + script + " filled");
  }

  private static Path named(String variable, String what) {
    String value = System.getenv(variable);
    assumeTrue(
        value != null && !value.isEmpty(), "skipped: " + variable + " does not name " + what);
    return Path.of(String.valueOf(value)).toAbsolutePath();
  }
}
