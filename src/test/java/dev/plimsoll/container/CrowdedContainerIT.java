package dev.plimsoll.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import dev.plimsoll.soak.Crowd;
import dev.plimsoll.testing.FakeOllama;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Half a gigabyte is enough for a crowd: the kernel has no reason to end the container. */
@Tag("soak")
class CrowdedContainerIT {
  @BeforeEach
  void imageIsThere() {
    BuiltImage.require();
  }

  @ParameterizedTest(name = "{0} KiB each")
  @ValueSource(ints = {20, 400, 2000})
  void everybodyIsAnsweredOrRefused(int kibibytes) throws Exception {
    try (FakeOllama fake = FakeOllama.start();
        PlimsollContainer plimsoll =
            PlimsollContainer.before(fake.uri())
                .withEnv("PLIMSOLL_CONTEXT_WINDOW", "2000000")
                .withEnv("PLIMSOLL_LISTEN_MAX_CONNECTIONS", "4000")
                .withEnv("PLIMSOLL_LISTEN_MAX_IN_FLIGHT", "1000")) {
      plimsoll.start();
      fake.reply(_ -> Crowd.ANSWER);

      Map<Crowd.Got, Integer> got = Crowd.at(plimsoll.agents(), kibibytes * 1024);

      System.out.println(kibibytes + " KiB: " + got + ", most memory: " + mostMemory(plimsoll));
      assertThat(got.get(Crowd.Got.ANSWER)).isPositive();
      Crowd.one(plimsoll.agents());
      ContainerState state = plimsoll.terminate();
      assertThat(state.getOOMKilled()).isNotEqualTo(true);
      assertThat(state.getExitCodeLong()).isZero();
    }
  }

  /** In bytes, as either kind of control group tells it. */
  private static String mostMemory(PlimsollContainer plimsoll) throws Exception {
    return plimsoll.run(
        "sh",
        "-c",
        "cat /sys/fs/cgroup/memory.peak 2>/dev/null"
            + " || cat /sys/fs/cgroup/memory/memory.max_usage_in_bytes");
  }
}
