package dev.plimsoll.container;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports.Binding;
import com.github.dockerjava.api.model.Volume;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * The image in a container as tight as its documentation promises: nothing of it can be written but
 * {@code /data} and {@code /tmp}, nothing in {@code /tmp} can be executed, and it has no privileges
 * and half a gigabyte.
 */
final class PlimsollContainer extends GenericContainer<PlimsollContainer> {
  static final int AGENTS = 11435;
  static final int ADMIN = 11436;

  private static final Duration START = Duration.ofSeconds(90);
  private static final int GRACE_SECONDS = 60;
  private static final long MEMORY = 512L << 20;
  private static final Pattern READY =
      Pattern.compile("listening agents=\"(http://\\S+)/v1\" admin=\"(http://\\S+)\"");

  private PlimsollContainer() {
    super(DockerImageName.parse(BuiltImage.NAME));
    withImagePullPolicy(_ -> false);
    waitingFor(Wait.forLogMessage(".*listening agents=.*", 1).withStartupTimeout(START));
    withHost(
        host ->
            host.withReadonlyRootfs(true)
                .withTmpFs(Map.of("/tmp", "rw,noexec,nosuid,nodev,size=64m"))
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges"))
                .withMemory(MEMORY));
  }

  /** On this machine's own network, on free ports of its loopback address, before that server. */
  static PlimsollContainer before(URI upstream) {
    return new PlimsollContainer()
        .withNetworkMode("host")
        .withEnv("PLIMSOLL_LISTEN_HOST", "127.0.0.1")
        .withEnv("PLIMSOLL_LISTEN_PORT", "0")
        .withEnv("PLIMSOLL_ADMIN_HOST", "127.0.0.1")
        .withEnv("PLIMSOLL_ADMIN_PORT", "0")
        .withEnv("PLIMSOLL_UPSTREAM_URL", upstream.toString());
  }

  /** On a network of its own, with both ports published on this machine's loopback address. */
  static PlimsollContainer published() {
    return new PlimsollContainer()
        .withExposedPorts(AGENTS, ADMIN)
        .withHost(
            host ->
                host.withPortBindings(
                    IntStream.of(AGENTS, ADMIN)
                        .mapToObj(
                            port ->
                                new PortBinding(Binding.bindIp("127.0.0.1"), new ExposedPort(port)))
                        .toList()));
  }

  PlimsollContainer withVolume(String name) {
    return withHost(host -> host.withBinds(new Bind(name, new Volume("/data"))));
  }

  PlimsollContainer withoutMemoryLimit() {
    return withHost(host -> host.withMemory(null));
  }

  private PlimsollContainer withHost(java.util.function.Consumer<HostConfig> change) {
    return withCreateContainerCmdModifier(
        command -> {
          HostConfig host = command.getHostConfig();
          if (host == null) {
            throw new IllegalStateException("no host configuration");
          }
          change.accept(host);
        });
  }

  /** The root for agents, without {@code /v1}; of a container on this machine's network. */
  URI agents() {
    return URI.create(ready().group(1));
  }

  /** The operators' root; of a container on this machine's network. */
  URI admin() {
    return URI.create(ready().group(2));
  }

  private Matcher ready() {
    Matcher line = READY.matcher(getLogs());
    if (!line.find()) {
      throw new AssertionError("not ready: " + getLogs());
    }
    return line;
  }

  /** The published side of a port. */
  URI published(int port) {
    return URI.create("http://127.0.0.1:" + getMappedPort(port));
  }

  /** What a command in it prints. */
  String run(String... command) throws Exception {
    ExecResult result = execInContainer(command);
    if (result.getExitCode() != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + result);
    }
    return result.getStdout().strip();
  }

  /** SIGTERM, and what the engine says about the container when it has ended. */
  InspectContainerResponse.ContainerState terminate() {
    BuiltImage.client().stopContainerCmd(getContainerId()).withTimeout(GRACE_SECONDS).exec();
    return BuiltImage.client().inspectContainerCmd(getContainerId()).exec().getState();
  }
}
