import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Measures what the proxy costs beside nginx and beside no proxy at all, in one run.
 *
 * <pre>java bench/Bench.java [--quick] [--only paced,burst,…] [--plimsoll CMD] [--out FILE]</pre>
 *
 * What is measured, and how to read it: README.md in this folder.
 */
final class Bench {
  private static final String USAGE =
      """
      java bench/Bench.java [OPTIONS]            (a JDK 25 or newer)
        --quick            fewer repetitions: about 3 minutes instead of about 10
        --only A,B         only these: paced burst requests ttft calls memory slow start
        --plimsoll CMD     how the proxy is started (default ./plimsoll; "none" leaves it out)
        --out FILE         writes the table there as well
      """;

  private static final int KB = 1000;
  private static final double STREAM_HEAP_KIB = 24 + 1.1 * 20 * KB / 1024;
  private static final List<Report.Measure> MEASURES =
      List.of(
          new Report.Measure(
              "paced", "CPU per paced chunk, µs", Report.Judge.RATIO, 1.5, 2.0, 1, true),
          new Report.Measure(
              "burst", "CPU per burst chunk, µs", Report.Judge.RATIO, 1.25, 3, 2, true),
          new Report.Measure(
              "calls", "system calls per paced chunk", Report.Judge.VALUE, 2.5, 2.5, 2, false),
          new Report.Measure(
              "writes", "writes per burst chunk", Report.Judge.VALUE, 0.1, 0.1, 3, false),
          new Report.Measure(
              "20k", "CPU per 20 KB request, µs", Report.Judge.RATIO, 2.5, 3.5, 0, true),
          new Report.Measure(
              "200k", "CPU per 200 KB request, µs", Report.Judge.NONE, 0, 0, 0, true),
          new Report.Measure(
              "ttft",
              "time to first token, 200 KB, p50 µs",
              Report.Judge.ADDED_RATIO,
              2,
              2,
              0,
              true),
          new Report.Measure(
              "cold", "the same, first requests after the start", Report.Judge.NONE, 0, 0, 0, true),
          new Report.Measure(
              "heap",
              "live heap per open stream, 20 KB body, KiB",
              Report.Judge.VALUE,
              STREAM_HEAP_KIB,
              STREAM_HEAP_KIB,
              1,
              false),
          new Report.Measure(
              "left",
              "live heap per stream after the clients left, KiB",
              Report.Judge.NONE,
              0,
              0,
              1,
              false),
          new Report.Measure(
              "slow",
              "slow streams intact of 1,000 (-Xmx256m)",
              Report.Judge.AT_LEAST,
              1000,
              1000,
              0,
              false),
          new Report.Measure(
              "rss", "resident memory with them, MiB", Report.Judge.NONE, 0, 0, 0, false),
          new Report.Measure(
              "start", "start to first answer, ms", Report.Judge.VALUE, 1000, 1000, 0, false));

  private static final ConcurrentLinkedQueue<Process> OWNED = new ConcurrentLinkedQueue<>();

  private final Options options;
  private final Path folder = Files.createTempDirectory("plimsoll-bench");
  private final Target.Cores cores = Target.Cores.find();
  private final Report report = new Report(MEASURES);
  private final Process upstream;
  private final int upstreamPort;
  private final Load load;

  record Options(boolean quick, Set<String> only, String plimsoll, Path out) {
    static Options parse(String[] args) {
      boolean quick = false;
      Set<String> only = Set.of();
      String plimsoll = "./plimsoll";
      Path out = null;
      for (int i = 0; i < args.length; i++) {
        switch (args[i]) {
          case "--quick" -> quick = true;
          case "--only" -> only = Set.of(args[++i].split(","));
          case "--plimsoll" -> plimsoll = args[++i];
          case "--out" -> out = Path.of(args[++i]);
          default -> {
            System.err.print(USAGE);
            System.exit(2);
          }
        }
      }
      return new Options(quick, only, plimsoll, out);
    }

    boolean wants(String part) {
      return only.isEmpty() || only.contains(part);
    }

    boolean wantsAny(String... parts) {
      return Stream.of(parts).anyMatch(this::wants);
    }

    int of(int quickly, int fully) {
      return quick ? quickly : fully;
    }
  }

  static void main(String[] args) throws Exception {
    switch (args.length > 0 ? args[0] : "") {
      case "upstream" -> FakeUpstream.main(args);
      case "load" -> LoadGenerator.main(args);
      default -> System.exit(orchestrate(Options.parse(args)));
    }
  }

  private static int orchestrate(Options options) throws Exception {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> OWNED.forEach(Target::end)));
    Bench bench = new Bench(options);
    try {
      return bench.run();
    } finally {
      OWNED.forEach(Target::end);
      bench.sweep();
    }
  }

  /** Takes care that a process does not outlive the run. */
  static void own(Process process) {
    OWNED.add(process);
  }

  private Bench(Options options) throws IOException, InterruptedException {
    this.options = options;
    upstream = role("upstream", ProcessBuilder.Redirect.INHERIT);
    BufferedReader said = upstream.inputReader(StandardCharsets.UTF_8);
    upstreamPort = Integer.parseInt(said.readLine().split(" ")[1]);
    load = new Load(role("load", ProcessBuilder.Redirect.INHERIT));
  }

  private Process role(String role, ProcessBuilder.Redirect errors) throws IOException {
    Path source = source();
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xms256m",
            "-Xmx1g",
            source.toString(),
            role);
    Process process =
        new ProcessBuilder(Target.Cores.pinned(cores.load(), command))
            .redirectError(errors)
            .start();
    own(process);
    return process;
  }

  private static Path source() {
    URI location =
        URI.create(Bench.class.getProtectionDomain().getCodeSource().getLocation().toString());
    Path path = Path.of(location);
    return Files.isDirectory(path) ? path.resolve("Bench.java") : path;
  }

  /** The load generator, as this process talks to it. */
  private static final class Load {
    private final Process process;
    private final PrintStream commands;
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

    Load(Process process) throws InterruptedException, IOException {
      this.process = process;
      commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                try (BufferedReader lines =
                    new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                  lines.lines().forEach(said::add);
                } catch (IOException e) {
                  said.add("result 0 1 0 0 0 0 the load generator is gone");
                }
              });
      await("ready", 30_000, () -> {});
    }

    void begin(LoadGenerator.Job job) {
      commands.println(job.line());
    }

    LoadGenerator.Result end(Runnable meanwhile) throws InterruptedException, IOException {
      return LoadGenerator.Result.parse(await("result", 300_000, meanwhile));
    }

    LoadGenerator.Result stop() throws InterruptedException, IOException {
      commands.println("stop");
      return end(() -> {});
    }

    /** After trouble: lets a job that may still run end. */
    void reset() throws InterruptedException {
      commands.println("stop");
      Thread.sleep(500);
      said.clear();
    }

    /** Waits for a line that begins so; others (progress) are passed over. */
    String await(String start, int limitMs, Runnable meanwhile)
        throws InterruptedException, IOException {
      long limit = System.nanoTime() + limitMs * 1_000_000L;
      while (System.nanoTime() < limit && process.isAlive()) {
        String line = said.poll(300, TimeUnit.MILLISECONDS);
        meanwhile.run();
        if (line != null && line.startsWith(start)) {
          return line;
        }
        if (line != null && line.startsWith("result")) {
          throw new IOException("the load ended early: " + line);
        }
      }
      throw new IOException("the load generator did not say \"" + start + "\"");
    }
  }

  // Jobs: what the agents do.

  private LoadGenerator.Job paced(Target target, int seconds) {
    return new LoadGenerator.Job(
        target.port(), 100, 1, KB, true, 50 * seconds, 20, 1, 1000, 0, 60_000);
  }

  private LoadGenerator.Job burst(Target target, int requests) {
    return new LoadGenerator.Job(target.port(), 16, requests, KB, true, 4000, 0, 1, 10, 0, 60_000);
  }

  /**
   * A short answer: what a request costs, where the chunks of long answers have rows of their own.
   */
  private LoadGenerator.Job plain(Target target, int size, int requests) {
    return new LoadGenerator.Job(
        target.port(), 8, requests / 8, size, false, 5, 0, 1, 10, 0, 60_000);
  }

  private LoadGenerator.Job firstToken(Target target, int requests, int everyMs) {
    return new LoadGenerator.Job(
        target.port(), 4, requests / 4, 200 * KB, true, 5, 0, 1, 0, everyMs, 60_000);
  }

  private LoadGenerator.Job slow(Target target, int streams, int body, int seconds) {
    return new LoadGenerator.Job(
        target.port(), streams, 1, body, true, seconds, 1000, 1, streams * 3, 0, 120_000);
  }

  // The run.

  private int run() throws Exception {
    System.err.printf(
        "load average %s, %d cores, %s%n",
        loadAverage(),
        Runtime.getRuntime().availableProcessors(),
        cores.proxy().isEmpty()
            ? "nothing pinned"
            : "proxies on core " + cores.proxy() + ", load and upstream on core " + cores.load());
    String before = loadAverage();
    if (options.wantsAny("paced", "burst", "requests", "ttft", "calls")) {
      part("side by side", this::sideBySide);
    }
    if (!options.plimsoll().equals("none") && !runnable()) {
      report.note("The proxy's command " + options.plimsoll() + " does not run: left out.");
    }
    for (String kind : kinds()) {
      if (options.wantsAny("memory", "slow")) {
        part("memory of " + kind, () -> memory(kind));
      }
      if (options.wants("start")) {
        part("start of " + kind, () -> start(kind));
      }
    }
    if (Proc.has("nginx")) {
      if (options.wants("slow")) {
        part("slow streams through nginx", this::nginxSlow);
      }
      if (options.wants("start")) {
        part("start of nginx", this::nginxStart);
      }
    } else {
      report.note("nginx is not installed: no ratios (Debian: apt-get install nginx-light).");
    }
    report.note(
        "Load average %s at the start, %s at the end; %d cores; %s; Java %s."
            .formatted(
                before,
                loadAverage(),
                Runtime.getRuntime().availableProcessors(),
                cores.proxy().isEmpty() ? "nothing pinned" : "proxies pinned to one core",
                System.getProperty("java.version")));
    String table = report.markdown(options.quick() ? "Quick run" : "Full run");
    System.out.println(table);
    if (options.out() != null) {
      Files.writeString(options.out(), table);
    }
    return report.allIntact() ? 0 : 1;
  }

  private interface Part {
    void run() throws IOException, InterruptedException;
  }

  /** One part that fails is told in the report and does not cost the others. */
  private void part(String name, Part part) throws InterruptedException {
    try {
      part.run();
    } catch (IOException e) {
      report.broken(name + " ended early: " + e.getMessage());
      load.reset();
    }
  }

  private void sideBySide() throws IOException, InterruptedException {
    List<Target> targets = new ArrayList<>();
    try {
      start(targets);
      if (options.wants("ttft")) {
        cold(targets);
      }
      if (options.wantsAny("paced", "burst", "requests", "ttft")) {
        warmUp(targets);
        repeat(targets);
      }
      if (options.wants("calls")) {
        systemCalls(targets);
      }
    } finally {
      targets.forEach(Target::close);
    }
  }

  private void start(List<Target> targets) throws IOException, InterruptedException {
    targets.add(Target.direct(upstreamPort));
    if (Proc.has("nginx")) {
      targets.add(Target.nginx(upstreamPort, folder, cores.proxy()));
    }
    for (String kind : kinds()) {
      Target target = proxy(kind, cores.proxy(), "");
      targets.add(target);
      target.awaitAnswer(60_000);
    }
  }

  private List<String> kinds() {
    return options.plimsoll().equals("none") || !runnable()
        ? List.of()
        : List.of(Target.OPENAI, Target.OLLAMA);
  }

  private Boolean runnable;

  /** Also lets a command that builds on first use do so before anything is timed. */
  private boolean runnable() {
    if (runnable == null) {
      List<String> line = new ArrayList<>(List.of(options.plimsoll().strip().split("\\s+")));
      line.add("--version");
      try {
        Process process =
            new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("version.log").toFile())
                .start();
        own(process);
        runnable = process.waitFor(10, TimeUnit.MINUTES) && process.exitValue() == 0;
      } catch (IOException e) {
        runnable = false;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return runnable;
  }

  private Target proxy(String kind, String core, String javaOptions) throws IOException {
    return Target.proxy(options.plimsoll(), kind, upstreamPort, folder, core, javaOptions);
  }

  private LoadGenerator.Result run(String what, Target target, LoadGenerator.Job job)
      throws IOException, InterruptedException {
    return run(what, target, job, () -> {});
  }

  private LoadGenerator.Result run(
      String what, Target target, LoadGenerator.Job job, Runnable meanwhile)
      throws IOException, InterruptedException {
    load.begin(job);
    LoadGenerator.Result result = load.end(meanwhile);
    if (result.broken() > 0) {
      report.broken(
          "%s through %s: %d of %d answers (%s)"
              .formatted(
                  what,
                  target.name(),
                  result.broken(),
                  result.broken() + result.intact(),
                  result.trouble()));
    }
    return result;
  }

  private void cold(List<Target> targets) throws IOException, InterruptedException {
    // The generator itself must not be cold.
    run("warm-up", targets.getFirst(), firstToken(targets.getFirst(), 200, 1));
    for (Target target : targets) {
      say("cold", target);
      LoadGenerator.Result result = run("cold ttft", target, firstToken(target, 100, 10));
      report.add("cold", target.name(), result.p50() / 1000.0);
    }
  }

  /** By number of requests, so that every proxy has compiled the same amount of work. */
  private void warmUp(List<Target> targets) throws IOException, InterruptedException {
    for (Target target : targets) {
      say("warm-up", target);
      run("warm-up", target, plain(target, 20 * KB, options.of(4000, 80_000)));
      run("warm-up", target, burst(target, options.of(4, 8)));
      run("warm-up", target, firstToken(target, options.of(400, 1000), 1));
      run("warm-up", target, paced(target, options.of(1, 4)));
    }
  }

  private void repeat(List<Target> targets) throws IOException, InterruptedException {
    for (int repetition = 0; repetition < options.of(3, 7); repetition++) {
      List<Target> order = repetition % 2 == 0 ? targets : targets.reversed();
      for (Target target : order) {
        say("repetition " + (repetition + 1), target);
        if (options.wants("paced")) {
          LoadGenerator.Job job = paced(target, options.of(2, 5));
          cpu("paced", target, job, job.connections() * job.chunks());
        }
        if (options.wants("burst")) {
          LoadGenerator.Job job = burst(target, options.of(4, 8));
          cpu("burst", target, job, job.connections() * job.requests() * job.chunks());
        }
        if (options.wants("requests")) {
          LoadGenerator.Job job = plain(target, 20 * KB, options.of(3000, 6000));
          cpu("20k", target, job, job.connections() * job.requests());
          job = plain(target, 200 * KB, options.of(400, 1200));
          cpu("200k", target, job, job.connections() * job.requests());
        }
        if (options.wants("ttft")) {
          LoadGenerator.Result result =
              run("ttft", target, firstToken(target, options.of(80, 160), 20));
          report.add("ttft", target.name(), result.p50() / 1000.0);
        }
      }
    }
    report.note(
        "direct's CPU is that of the load generator and the fake upstream; it shows how steady"
            + " the machine was.");
  }

  /** CPU of the proxy per unit of work; on the direct path, of generator and upstream. */
  private void cpu(String key, Target target, LoadGenerator.Job job, int units)
      throws IOException, InterruptedException {
    Proc.CpuMeter meter =
        target.isProxy()
            ? new Proc.CpuMeter(target.process())
            : new Proc.CpuMeter(upstream, load.process);
    run(key, target, job, meter::sample);
    report.add(key, target.name(), meter.nanos() / 1000.0 / units);
  }

  private void systemCalls(List<Target> targets) throws IOException, InterruptedException {
    if (!Proc.has("strace")) {
      report.note("System calls: skipped, strace is missing.");
      return;
    }
    List<Target> traced = targets.stream().filter(Target::isProxy).toList();
    for (int repetition = 0; repetition < options.of(1, 3); repetition++) {
      for (Target target : traced) {
        say("system calls", target);
        pacedCalls(target);
        LoadGenerator.Job job = burst(target, 1);
        Proc.Strace strace = new Proc.Strace(target.process(), folder);
        run("burst under strace", target, job);
        double chunks = job.connections() * job.chunks();
        report.add("writes", target.name(), strace.finish().writes() / chunks);
      }
    }
  }

  private void pacedCalls(Target target) throws IOException, InterruptedException {
    // Long enough that setting the streams up does not count.
    LoadGenerator.Job job = paced(target, options.of(2, 8));
    Proc.Strace strace = new Proc.Strace(target.process(), folder);
    LoadGenerator.Result result = run("paced under strace", target, job);
    Proc.Calls calls = strace.finish();
    double chunks = job.connections() * job.chunks();
    report.add("calls", target.name(), calls.all() / chunks);
    report.note(
        ("System calls per paced chunk, %s: read %.2f, write %.2f, wait %.2f, other %.2f"
                + " (the run took %.1f s instead of %.1f s)%s.")
            .formatted(
                target.name(),
                calls.reads() / chunks,
                calls.writes() / chunks,
                calls.waits() / chunks,
                calls.others() / chunks,
                result.wallMs() / 1000.0,
                (job.staggerMs() + job.chunks() * job.intervalMs()) / 1000.0,
                calls.writes() < 0.9 * chunks
                    ? "; fewer writes than chunks were seen: read it as too low"
                    : ""));
  }

  /** Open streams on a heap of 256 MiB: what one costs, and whether a thousand stay intact. */
  private void memory(String kind) throws IOException, InterruptedException {
    try (Target target = proxy(kind, cores.proxy(), "-Xmx256m")) {
      target.awaitAnswer(60_000);
      long jvm = Proc.jvm(target.process());
      if (jvm == 0) {
        report.note(kind + ": the command runs no JVM of its own, memory skipped.");
        return;
      }
      if (!Proc.jcmd(jvm, "VM.flags").contains("-XX:MaxHeapSize=268435456")) {
        report.note("**" + kind + ": PLIMSOLL_JAVA_OPTS=-Xmx256m was not honoured.**");
      }
      if (options.wants("memory")) {
        say("memory", target);
        int streams = 500;
        run("warm-up", target, plain(target, 20 * KB - 100, 2000));
        run("warm-up", target, slow(target, 100, 20 * KB - 100, 1));
        long idle = Proc.liveHeap(jvm);
        load.begin(slow(target, streams, 20 * KB, 60));
        load.await(LoadGenerator.Result.OPEN, 30_000, () -> {});
        long open = Proc.liveHeap(jvm);
        load.stop();
        // What a closed connection leaves to the collector goes in its second run.
        Thread.sleep(2500);
        Proc.liveHeap(jvm);
        Thread.sleep(1500);
        long left = Proc.liveHeap(jvm);
        report.add("heap", kind, (open - idle) / 1024.0 / streams);
        report.add("left", kind, (left - idle) / 1024.0 / streams);
      }
      if (options.wants("slow")) {
        thousand(target);
      }
    }
  }

  private void thousand(Target target) throws IOException, InterruptedException {
    say("1,000 slow streams", target);
    long[] resident = new long[1];
    LoadGenerator.Result result =
        run(
            "1,000 slow streams",
            target,
            slow(target, 1000, 20 * KB, options.of(10, 30)),
            () -> resident[0] = Math.max(resident[0], Proc.residentKiB(target.process())));
    report.add("slow", target.name(), result.intact());
    report.add("rss", target.name(), resident[0] / 1024.0);
  }

  private void nginxSlow() throws IOException, InterruptedException {
    try (Target target = Target.nginx(upstreamPort, folder, cores.proxy())) {
      thousand(target);
    }
  }

  /** Not pinned: it is what someone waits who starts it. */
  private void start(String kind) throws IOException, InterruptedException {
    for (int i = 0; i < options.of(3, 5); i++) {
      long before = System.nanoTime();
      try (Target target = proxy(kind, "", "")) {
        say("start " + (i + 1), target);
        target.awaitAnswer(60_000);
        report.add("start", kind, (System.nanoTime() - before) / 1e6);
      }
    }
  }

  private void nginxStart() throws IOException, InterruptedException {
    for (int i = 0; i < options.of(3, 5); i++) {
      long before = System.nanoTime();
      Target target = Target.nginx(upstreamPort, folder, "");
      report.add("start", Target.NGINX, (System.nanoTime() - before) / 1e6);
      target.close();
    }
  }

  private static void say(String what, Target target) {
    System.err.printf("  %s: %s%n", what, target.name());
  }

  private static String loadAverage() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
  }

  private void sweep() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
