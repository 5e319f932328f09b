package dev.plimsoll.container;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.plimsoll.testing.RefusingPort;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;

/**
 * The image under test, and the engine that runs it.
 *
 * <p>Without engine or image, or with the image of another build, the tests are skipped and say
 * why; with {@code -Drequire.containers=true} they fail instead. {@code -Dplimsoll.image=NAME}
 * tests another image.
 */
final class BuiltImage {
  static final String NAME = System.getProperty("plimsoll.image", "localhost/plimsoll:latest");

  private static final Path JAR = Path.of("target/dist/plimsoll.jar");
  private static final String HOW =
      "; build it with: docker build -f docker/Dockerfile --build-arg DIST=prebuilt -t "
          + NAME
          + " .";

  /** Looked at once: starting a container takes seconds. */
  private static final Optional<String> MISSING = missing();

  private BuiltImage() {}

  /** Returns when there is an engine with the image of the present build. */
  static void require() {
    if (MISSING.isEmpty()) {
      return;
    }
    if (Boolean.getBoolean("require.containers")) {
      fail(MISSING.get());
    }
    abort("skipped: " + MISSING.get());
  }

  static DockerClient client() {
    return DockerClientFactory.instance().client();
  }

  private static Optional<String> missing() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      return Optional.of("no container engine answers; DOCKER_HOST names one");
    }
    try {
      client().inspectImageCmd(NAME).exec();
    } catch (NotFoundException e) {
      return Optional.of("there is no image " + NAME + HOW);
    }
    return holdsThisBuild()
        ? Optional.empty()
        : Optional.of("the image " + NAME + " holds another build than " + JAR + HOW);
  }

  private static boolean holdsThisBuild() {
    try (PlimsollContainer plimsoll = PlimsollContainer.before(RefusingPort.find().uri())) {
      plimsoll.start();
      byte[] inside =
          plimsoll.copyFileFromContainer("/app/plimsoll.jar", InputStream::readAllBytes);
      return Arrays.equals(inside, Files.readAllBytes(JAR));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
