package dev.plimsoll.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.testing.RefusingPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The image's health check with either of the tools that it takes, without any image. */
class HealthcheckIT {
  private static final Path SCRIPT = Path.of("docker/healthcheck.sh").toAbsolutePath();
  private static final int LIMIT_SECONDS = 30;

  @TempDir private Path tools;

  @ParameterizedTest
  @ValueSource(strings = {"wget", "bash"})
  void itTellsALivingProgramFromNone(String tool) throws Exception {
    for (String name : List.of("sh", tool)) {
      Path found = Path.of("/bin", name);
      assumeTrue(Files.exists(found), "skipped: there is no " + found);
      Files.createSymbolicLink(tools.resolve(name), found);
    }
    try (RunningPlimsoll plimsoll = RunningPlimsoll.start()) {
      assertThat(exitCode(plimsoll.adminPort())).isZero();
      assertThat(exitCode(plimsoll.port())).as("no such path there").isNotZero();
      assertThat(exitCode(RefusingPort.find().port())).isNotZero();
    }
  }

  private int exitCode(int port) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("/bin/sh", SCRIPT.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().put("PATH", tools.toString());
    builder.environment().put("PLIMSOLL_ADMIN_PORT", Integer.toString(port));
    Process process = builder.start();
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }
}
