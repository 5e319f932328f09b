import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the kernel and the JDK's tools tell about a process and its children. */
final class Proc {
  private Proc() {}

  static List<Long> tree(Process... roots) {
    List<Long> pids = new ArrayList<>();
    for (Process root : roots) {
      pids.add(root.pid());
      root.descendants().forEach(child -> pids.add(child.pid()));
    }
    return pids;
  }

  /**
   * CPU time of processes as the scheduler counts it, over all their threads. A thread that ended
   * keeps what was last seen of it, so {@link #sample} must be called now and then.
   */
  static final class CpuMeter {
    private final Process[] roots;
    private final Map<String, Long> seen = new HashMap<>();
    private final long startedWith;

    CpuMeter(Process... roots) {
      this.roots = roots;
      startedWith = sample();
    }

    long nanos() {
      return sample() - startedWith;
    }

    long sample() {
      for (long pid : tree(roots)) {
        try (DirectoryStream<Path> tasks =
            Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
          for (Path task : tasks) {
            String line = Files.readString(task.resolve("schedstat"));
            seen.put(
                pid + "/" + task.getFileName(),
                Long.parseLong(line.substring(0, line.indexOf(' '))));
          }
        } catch (IOException e) {
          // It ended between listing and reading; what was seen before stays.
        }
      }
      return seen.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  static long residentKiB(Process root) {
    long sum = 0;
    for (long pid : tree(root)) {
      try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
        sum +=
            lines
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
      } catch (IOException e) {
        // Gone: it holds nothing any more.
      }
    }
    return sum;
  }

  /** The JVM in a process tree that may begin with a shell script; 0 when there is none. */
  static long jvm(Process root) {
    for (long pid : tree(root)) {
      try {
        if (Files.readString(Path.of("/proc/" + pid + "/comm")).strip().equals("java")) {
          return pid;
        }
      } catch (IOException e) {
        // Gone.
      }
    }
    return 0;
  }

  /** Bytes of live objects after a full collection. */
  static long liveHeap(long jvm) throws IOException, InterruptedException {
    jcmd(jvm, "GC.run");
    String histogram = jcmd(jvm, "GC.class_histogram");
    Matcher total = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)").matcher(histogram);
    if (!total.find()) {
      throw new IOException("jcmd gave no total: " + histogram.lines().findFirst().orElse(""));
    }
    return Long.parseLong(total.group(1)) - fillers(histogram);
  }

  /** The collector's own fillers stand for dead space that it did not bother to compact. */
  private static long fillers(String histogram) {
    Matcher filler =
        Pattern.compile("(?m)^\\s*\\d+:\\s+\\d+\\s+(\\d+)\\s+\\S*FillerElement").matcher(histogram);
    return filler.find() ? Long.parseLong(filler.group(1)) : 0;
  }

  static String jcmd(long jvm, String... command) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    line.add(Long.toString(jvm));
    line.addAll(List.of(command));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes());
    process.waitFor(30, TimeUnit.SECONDS);
    return out;
  }

  static boolean has(String tool) {
    for (String folder : System.getenv("PATH").split(":")) {
      if (Files.isExecutable(Path.of(folder, tool))) {
        return true;
      }
    }
    return Files.isExecutable(Path.of("/usr/sbin", tool));
  }

  /** Counts of system calls by kind. */
  record Calls(long reads, long writes, long waits, long others) {
    long all() {
      return reads + writes + waits + others;
    }

    static Calls parse(String summary) {
      long[] sums = new long[4];
      for (String line : summary.split("\n")) {
        String[] words = line.strip().split("\\s+");
        if (words.length < 5 || !words[0].matches("[\\d.]+")) {
          continue;
        }
        String name = words[words.length - 1];
        if (name.equals("total")) {
          continue;
        }
        int kind =
            switch (name) {
              case "read", "readv", "recvfrom", "recvmsg", "pread64" -> 0;
              case "write", "writev", "sendto", "sendmsg", "sendfile", "pwrite64" -> 1;
              case "epoll_wait", "epoll_pwait", "epoll_pwait2", "poll", "select" -> 2;
              default -> 3;
            };
        sums[kind] += Long.parseLong(words[3]);
      }
      return new Calls(sums[0], sums[1], sums[2], sums[3]);
    }
  }

  /** Counts the system calls of a process tree while something runs; counts only, no times. */
  static final class Strace {
    private final Process process;
    private final Path out;

    Strace(Process root, Path folder) throws IOException, InterruptedException {
      out = Files.createTempFile(folder, "strace", ".txt");
      List<String> command = new ArrayList<>(List.of("strace", "-c", "-f", "-o", out.toString()));
      List<Long> pids = tree(root);
      pids.forEach(pid -> command.addAll(List.of("-p", pid.toString())));
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      for (int i = 0; i < 200 && !attached(pids); i++) {
        Thread.sleep(20);
      }
    }

    private static boolean attached(List<Long> pids) {
      for (long pid : pids) {
        try (DirectoryStream<Path> tasks =
            Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
          for (Path task : tasks) {
            if (Files.readString(task.resolve("status")).contains("TracerPid:\t0\n")) {
              return false;
            }
          }
        } catch (IOException e) {
          return false;
        }
      }
      return true;
    }

    Calls finish() throws IOException, InterruptedException {
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      return Calls.parse(Files.readString(out));
    }
  }
}
