package dev.plimsoll.real;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The installed OpenCode, one prompt at a time.
 *
 * @param folder where its own files and what it says are kept, {@code out.txt}
 * @param work where it works
 */
record OpenCode(Path folder, Path work) {
  private static final Duration RUN = Duration.ofMinutes(4);

  /** Where what it says is added. */
  Path out() {
    return folder.resolve("out.txt");
  }

  /**
   * Lets it do what the prompt says, and returns its exit code.
   *
   * @param options as run-opencode.sh takes them
   */
  int run(URI server, String model, String prompt, List<String> options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Installed.shared("agents", "run-opencode.sh").toString());
    command.addAll(
        List.of(
            "--timeout",
            Long.toString(RUN.toSeconds()),
            "--state",
            folder.resolve("state").toString()));
    command.addAll(options);
    command.addAll(
        List.of(
            Installed.agent("opencode").toString(),
            server + "/v1",
            model,
            work.toString(),
            prompt));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(out().toFile()))
        .start()
        .waitFor();
  }
}
