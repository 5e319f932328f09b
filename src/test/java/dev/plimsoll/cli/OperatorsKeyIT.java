package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.testing.FakeOllama;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The commands that ask a running Plimsoll know its key from where Plimsoll itself knows it. */
class OperatorsKeyIT {
  private final StringWriter out = new StringWriter();

  private int sessions(RunningPlimsoll plimsoll, Map<String, String> environment) {
    PrintWriter writer = new PrintWriter(out, true);
    List<String> arguments =
        List.of("sessions", "--json", "--admin", plimsoll.adminUri().toString());
    return Main.run(arguments, environment, writer, writer);
  }

  @Test
  void theKeyComesFromTheEnvironment() {
    try (FakeOllama fake = FakeOllama.start();
        RunningPlimsoll plimsoll =
            RunningPlimsoll.start("upstream.url=" + fake.uri(), "admin.token=tok-1")) {
      assertThat(sessions(plimsoll, Map.of())).isEqualTo(1);
      assertThat(out.toString()).contains("PLIMSOLL_ADMIN_TOKEN").doesNotContain("tok-1");

      assertThat(sessions(plimsoll, Map.of("PLIMSOLL_ADMIN_TOKEN", "tok-1"))).isZero();
      assertThat(out.toString()).contains("\"sessions\"");
    }
  }
}
