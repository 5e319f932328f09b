package dev.plimsoll.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a process holds when it has nothing to do.
 *
 * @param heap bytes of live objects after a full collection
 * @param descriptors open files and sockets
 * @param threads of the operating system
 * @param turns virtual threads of requests
 * @param resident bytes of memory that the system counts
 */
record Vitals(long heap, int descriptors, int threads, int turns, long resident) {
  private static final int LIMIT_SECONDS = 60;
  private static final Pattern TOTAL = Pattern.compile("^Total +\\d+ +(\\d+)$");

  /** Arrays that the collector puts into gaps; nobody holds them. */
  private static final Pattern FILLER =
      Pattern.compile("^ *\\d+: +\\d+ +(\\d+) +\\S*Filler(?:Array|Object|Element).*$");

  private static final Pattern TURN = Pattern.compile("^#\\d+ \"plimsoll-turn-.* virtual.*$");
  private static final Pattern STATUS = Pattern.compile("^(Threads|VmRSS):\\s+(\\d+).*$");

  /** Whether this system tells them. */
  static boolean canBeRead() {
    return Files.isDirectory(Path.of("/proc/self/fd"));
  }

  static Vitals of(long pid, Path folder) throws IOException, InterruptedException {
    long heap = 0;
    for (String line : jcmd(pid, "GC.class_histogram")) {
      heap += number(TOTAL, line) - number(FILLER, line);
    }
    Path threads = folder.resolve("threads-" + pid);
    jcmd(pid, "Thread.dump_to_file", "-overwrite", threads.toAbsolutePath().toString());
    int turns = 0;
    for (String line : Files.readAllLines(threads)) {
      turns += TURN.matcher(line).matches() ? 1 : 0;
    }
    try (Stream<Path> open = Files.list(proc(pid, "fd"))) {
      return new Vitals(
          heap,
          (int) open.count(),
          (int) status(pid, "Threads"),
          turns,
          1024 * status(pid, "VmRSS"));
    }
  }

  private static long number(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
  }

  private static Path proc(long pid, String name) {
    return Path.of("/proc", Long.toString(pid), name);
  }

  private static long status(long pid, String name) throws IOException {
    for (String line : Files.readAllLines(proc(pid, "status"))) {
      Matcher matcher = STATUS.matcher(line);
      if (matcher.matches() && matcher.group(1).equals(name)) {
        return Long.parseLong(matcher.group(2));
      }
    }
    throw new IOException("no " + name + " in the status of " + pid);
  }

  private static List<String> jcmd(long pid, String... command)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    all.add(Long.toString(pid));
    all.addAll(List.of(command));
    Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
    try (var lines = process.inputReader().lines()) {
      List<String> said = lines.toList();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(all + ": " + said);
      }
      return said;
    } finally {
      process.destroyForcibly();
    }
  }

  /** A row of a table, with the time since the start and the requests until then. */
  String row(Duration since, long requests) {
    return "| %d:%02d | %,d | %.2f | %d | %d | %d | %.0f |"
        .formatted(
            since.toMinutes(),
            since.toSecondsPart(),
            requests,
            heap / 1048576.0,
            descriptors,
            threads,
            turns,
            resident / 1048576.0);
  }
}
