package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the start script in a checkout of its own, whose path holds spaces and whose Maven is a
 * script: the real program, but nothing of it is built again.
 */
class LauncherIT {
  private static final Path JAR = Path.of("target/dist/plimsoll.jar").toAbsolutePath();
  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

  /** Copies the jar as a build would, and fails if another build is running. */
  private static final String MAVEN =
      """
      #!/bin/sh
      echo "$@" >>builds
      echo "$JAVA25_HOME" >>jdks
      mkdir building || echo "two builds at once" >>builds
      sleep 1
      cp "JAR" target/dist/plimsoll.jar
      rmdir building
      echo "noise of the build"
      """;

  @TempDir Path folder;
  private Path root;
  private final Map<String, String> environment = new HashMap<>();

  LauncherIT() {
    root = Path.of("");
  }

  record Ran(int code, String out, String err) {}

  @BeforeEach
  void checkout() throws IOException {
    root = Files.createDirectories(folder.resolve("a check out"));
    Path dist = Files.createDirectories(root.resolve("target/dist"));
    Files.createSymbolicLink(dist.resolve("lib"), JAR.resolveSibling("lib"));
    Files.copy(JAR, dist.resolve("plimsoll.jar"));
    Files.createDirectories(root.resolve("docker"));
    Files.copy(Path.of("docker/jvm.opts"), root.resolve("docker/jvm.opts"));
    Files.copy(Path.of("plimsoll"), root.resolve("plimsoll"));
    Path sources = Files.createDirectories(root.resolve("src/main"));
    Files.setLastModifiedTime(sources, LONG_AGO);
    Files.setLastModifiedTime(Files.createFile(root.resolve("pom.xml")), LONG_AGO);
    executable(folder.resolve("bin/mvn"), MAVEN.replace("JAR", JAR.toString()));
    environment.put("PATH", folder.resolve("bin") + ":/usr/bin:/bin");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
  }

  @Test
  void versionAndHelpWork() throws Exception {
    Ran version = launch("--version");
    assertThat(version.err).isEmpty();
    assertThat(version.out).startsWith("plimsoll ").contains("java 25").hasLineCount(1);
    assertThat(version.code).isZero();
    assertThat(launch("--help").out).contains("Usage: plimsoll").contains("validate");
    assertThat(root.resolve("builds")).doesNotExist();
  }

  @Test
  void argumentsAndExitCodePassThrough() throws Exception {
    Ran wrong = launch("validate", "--set", "store.path=/a b/");
    assertThat(wrong.code).isEqualTo(2);
    assertThat(wrong.err).startsWith("--set: store.path: \"/a b/\" is a folder");
  }

  @Test
  void aLinkToTheScriptFindsItsCheckout() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), root.resolve("plimsoll"));
    Path second = Files.createSymbolicLink(folder.resolve("second"), Path.of("link"));
    assertThat(link).exists();
    assertThat(launch(second, "--version").code).isZero();
  }

  @Test
  void withoutAJdkItSaysWhatWasFoundAndThreeWaysOn() throws Exception {
    jdk(folder.resolve("jdk 17"), "17.0.2");
    jdk(folder.resolve("jdk 8"), "1.8.0_402");
    environment.put(
        "PLIMSOLL_JDKS", folder.resolve("jdk 8") + ":/nowhere:" + folder.resolve("jdk 17"));
    Ran ran = launch("--version");
    assertThat(ran.code).isEqualTo(3);
    assertThat(ran.out).isEmpty();
    assertThat(ran.err)
        .startsWith(
            "plimsoll: needs a JDK 25 or newer; the newest Java found is 17, in "
                + folder.resolve("jdk 17")
                + ".\n")
        .contains("  1. Install one", "  2. Name one", "  3. Use no Java");
  }

  @Test
  void withoutAnyJavaItSaysSo() throws Exception {
    environment.put("PLIMSOLL_JDKS", "/nowhere");
    assertThat(launch("--version").err)
        .startsWith("plimsoll: needs a JDK 25 or newer; no Java was found.\n");
  }

  @Test
  void aRuntimeWithoutCompilerIsNoJdk() throws Exception {
    Path jre = jdk(folder.resolve("jre"), "25");
    Files.delete(jre.resolve("bin/javac"));
    environment.put("PLIMSOLL_JDKS", jre.toString());
    assertThat(launch("--version").err)
        .contains("the newest Java found is 25, in " + jre + ", which has no compiler (javac).");
  }

  @Test
  void itBuildsWhenTheJarIsMissingOrOlderThanASource() throws Exception {
    Files.delete(root.resolve("target/dist/plimsoll.jar"));
    Ran first = launch("--version");
    assertThat(first.out).hasLineCount(1);
    assertThat(first.err).contains("plimsoll: builds", "noise of the build");
    assertThat(launch("--version").err).isEmpty();
    Files.setLastModifiedTime(
        Files.createFile(root.resolve("src/main/New.java")),
        FileTime.from(Instant.now().plusSeconds(2)));
    assertThat(launch("--version").err).contains("plimsoll: builds");
    assertThat(Files.readAllLines(root.resolve("builds"))).hasSize(2);
    assertThat(Files.readAllLines(root.resolve("jdks")))
        .containsOnly(System.getProperty("java.home"));
  }

  @Test
  void aFailedBuildEndsTheLaunch() throws Exception {
    executable(folder.resolve("bin/mvn"), "#!/bin/sh\nexit 1\n");
    Files.delete(root.resolve("target/dist/plimsoll.jar"));
    Ran ran = launch("--version");
    assertThat(ran.code).isEqualTo(1);
    assertThat(ran.err).endsWith("plimsoll: the build failed; its messages are above.\n");
    assertThat(root.resolve("target/plimsoll.lock")).doesNotExist();
  }

  @Test
  void withoutMavenItSaysHowToGetIt() throws Exception {
    Files.delete(root.resolve("target/dist/plimsoll.jar"));
    environment.put("PATH", toolsWithoutMaven());
    Ran ran = launch("--version");
    assertThat(ran.code).isEqualTo(3);
    assertThat(ran.err).startsWith("plimsoll: needs Maven (mvn) 3.8.6 or newer");
  }

  @Test
  void twoLaunchesAtOnceBuildAndTrainOnce() throws Exception {
    Files.delete(root.resolve("target/dist/plimsoll.jar"));
    Process one = start(root.resolve("plimsoll"), "one", "--version");
    Process two = start(root.resolve("plimsoll"), "two", "--version");
    assertThat(end(one, "one").out).startsWith("plimsoll ").hasLineCount(1);
    assertThat(end(two, "two").out).startsWith("plimsoll ").hasLineCount(1);
    assertThat(Files.readAllLines(root.resolve("builds"))).hasSize(1);
    assertThat(root.resolve("target/plimsoll.lock")).doesNotExist();
  }

  @Test
  void theLockOfAKilledLaunchIsTaken() throws Exception {
    Files.delete(root.resolve("target/dist/plimsoll.jar"));
    Path lock = Files.createDirectories(root.resolve("target/plimsoll.lock"));
    Files.writeString(lock.resolve("pid"), "99999999\n");
    assertThat(launch("--version").code).isZero();
  }

  @Test
  void trainingIsTriedOnceForEachJar() throws Exception {
    launch("--version");
    Path stamp = root.resolve("target/dist/plimsoll.aot.for");
    FileTime first = Files.getLastModifiedTime(stamp);
    launch("--version");
    assertThat(Files.getLastModifiedTime(stamp)).isEqualTo(first);
    Files.writeString(root.resolve("docker/jvm.opts"), "-XX:+UseSerialGC\n");
    launch("--version");
    assertThat(Files.readString(stamp)).doesNotContain("MaxRAMPercentage");
    try (var files = Files.list(root.resolve("target/dist"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.startsWith("training"));
    }
  }

  @Test
  void theHeapIsSmallUnlessTheUserSaysOtherwise() throws Exception {
    Path jdk = jdk(folder.resolve("jdk"), "25");
    executable(jdk.resolve("bin/java"), "#!/bin/sh\necho \"$@\"\n");
    environment.put("PLIMSOLL_JDKS", jdk.toString());
    assertThat(launch("x").out).contains(" -Xmx512m ");
    environment.put("PLIMSOLL_JAVA_OPTS", "-Dx=y -Xmx1g");
    assertThat(launch("x").out).contains(" -Dx=y -Xmx1g ").doesNotContain("-Xmx512m");
  }

  private static Path jdk(Path home, String version) throws IOException {
    executable(home.resolve("bin/java"), "#!/bin/sh\n");
    executable(home.resolve("bin/javac"), "#!/bin/sh\n");
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  private static void executable(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** A folder that links the few tools the script needs. */
  private String toolsWithoutMaven() throws IOException {
    Path tools = Files.createDirectories(folder.resolve("tools"));
    for (String name :
        List.of(
            "sh", "dirname", "readlink", "sed", "find", "head", "mkdir", "rm", "cat", "sleep")) {
      Path tool = Path.of("/usr/bin", name);
      Path found = Files.exists(tool) ? tool : Path.of("/bin", name);
      assumeTrue(Files.exists(found), "the tool " + name + " is at an unusual place");
      Files.createSymbolicLink(tools.resolve(name), found);
    }
    return tools.toString();
  }

  private Ran launch(String... args) throws Exception {
    return launch(root.resolve("plimsoll"), args);
  }

  private Ran launch(Path script, String... args) throws Exception {
    return end(start(script, "only", args), "only");
  }

  private Process start(Path script, String name, String... args) throws IOException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(args));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(folder.resolve(name + ".out").toFile())
            .redirectError(folder.resolve(name + ".err").toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  private Ran end(Process process, String name) throws Exception {
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return new Ran(process.exitValue(), read(name + ".out"), read(name + ".err"));
  }

  private String read(String name) throws IOException {
    return Files.readString(folder.resolve(name), StandardCharsets.UTF_8);
  }
}
