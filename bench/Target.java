import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Something that answers chat completions on a port of this machine: the upstream itself, nginx in
 * front of it, or a proxy under test.
 *
 * @param process null for the upstream itself, which the harness owns elsewhere
 * @param log what the process prints; null for the upstream
 */
record Target(String name, int port, Process process, Path log) implements AutoCloseable {
  static final String DIRECT = "direct";
  static final String NGINX = "nginx";
  static final String OPENAI = "openai";
  static final String OLLAMA = "ollama";

  private static final String CHAT =
      "{\"model\":\""
          + Script.MODEL
          + "\",\"stream\":false,\"messages\":[{\"role\":\"user\",\"content\":\"plan:c5,i0,b1,p25;\"}]}";

  /** A core for the proxies and one for everything else, as taskset spells them. */
  record Cores(String proxy, String load) {
    static Cores find() throws IOException {
      String allowed =
          Files.readAllLines(Path.of("/proc/self/status")).stream()
              .filter(line -> line.startsWith("Cpus_allowed_list:"))
              .findFirst()
              .orElse("");
      List<String> cores = new ArrayList<>();
      for (String range : allowed.replace("Cpus_allowed_list:", "").strip().split(",")) {
        String[] ends = range.split("-");
        int last = Integer.parseInt(ends[ends.length - 1]);
        for (int core = Integer.parseInt(ends[0]); core <= last; core++) {
          cores.add(Integer.toString(core));
        }
      }
      boolean pin = Proc.has("taskset") && cores.size() > 1;
      return pin ? new Cores(cores.get(1), cores.get(0)) : new Cores("", "");
    }

    static List<String> pinned(String core, List<String> command) {
      if (core.isEmpty()) {
        return command;
      }
      List<String> line = new ArrayList<>(List.of("taskset", "-c", core));
      line.addAll(command);
      return line;
    }
  }

  static Target direct(int port) {
    return new Target(DIRECT, port, null, null);
  }

  static Target nginx(int upstreamPort, Path folder, String core)
      throws IOException, InterruptedException {
    int port = freePort();
    Path home = Files.createTempDirectory(folder, "nginx");
    Path conf = home.resolve("nginx.conf");
    String user = "root".equals(System.getProperty("user.name")) ? "user root;" : "";
    Files.writeString(
        conf,
        """
        %s
        worker_processes 1;
        daemon off;
        pid %s/nginx.pid;
        error_log %s/error.log warn;
        worker_rlimit_nofile 16384;
        events { worker_connections 8192; }
        http {
          access_log off;
          client_body_temp_path %s/body;
          proxy_temp_path %s/proxy;
          fastcgi_temp_path %s/fastcgi;
          uwsgi_temp_path %s/uwsgi;
          scgi_temp_path %s/scgi;
          upstream model {
            server 127.0.0.1:%d;
            keepalive 64;
            keepalive_requests 10000000;
          }
          server {
            listen 127.0.0.1:%d backlog=4096;
            keepalive_requests 10000000;
            client_body_buffer_size 256k;
            client_max_body_size 64m;
            location / {
              proxy_pass http://model;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_buffering off;
              proxy_read_timeout 600s;
            }
          }
        }
        """
            .formatted(user, home, home, home, home, home, home, home, upstreamPort, port));
    List<String> command =
        List.of("nginx", "-p", home.toString(), "-e", home + "/error.log", "-c", conf.toString());
    Target target = start(NGINX, port, Cores.pinned(core, command), Map.of(), home, home);
    target.awaitAnswer(10_000);
    return target;
  }

  /** Starts a proxy; whether it is ready is asked by {@link #awaitAnswer}. */
  static Target proxy(
      String command, String kind, int upstreamPort, Path folder, String core, String javaOptions)
      throws IOException {
    int port = freePort();
    Path home = folder.resolve("proxy-" + kind);
    Files.createDirectories(home);
    List<String> line = new ArrayList<>(List.of(command.strip().split("\\s+")));
    line.addAll(List.of("--port", Integer.toString(port)));
    for (String setting :
        List.of(
            "upstream.url=http://127.0.0.1:" + upstreamPort,
            "upstream.kind=" + kind,
            "admin.port=0",
            "listen.max-in-flight=4096",
            "listen.max-connections=8192",
            "store.path=" + home.resolve("ledger.db"))) {
      line.addAll(List.of("--set", setting));
    }
    Map<String, String> env =
        javaOptions.isEmpty() ? Map.of() : Map.of("PLIMSOLL_JAVA_OPTS", javaOptions);
    return start(kind, port, Cores.pinned(core, line), env, home, Path.of("").toAbsolutePath());
  }

  private static Target start(
      String name, int port, List<String> command, Map<String, String> env, Path home, Path cwd)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(cwd.toFile());
    builder.environment().putAll(env);
    // Nothing of a measurement may land in, or profit from, the user's own folders.
    builder.environment().put("XDG_DATA_HOME", home.toString());
    builder.environment().put("XDG_CACHE_HOME", home.toString());
    builder.environment().put("XDG_STATE_HOME", home.toString());
    Path log = home.resolve(name + ".log");
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    Process process = builder.start();
    Bench.own(process);
    return new Target(name, port, process, log);
  }

  boolean isProxy() {
    return process != null;
  }

  /** Waits for the first chat answer. */
  void awaitAnswer(int limitMs) throws IOException, InterruptedException {
    long limit = System.nanoTime() + limitMs * 1_000_000L;
    String last = "nothing listens";
    while (System.nanoTime() < limit) {
      if (process != null && !process.isAlive()) {
        throw new IOException(
            name + " ended with exit code " + process.exitValue() + ": " + lastWords());
      }
      try (Socket socket = new Socket("127.0.0.1", port)) {
        socket.setSoTimeout(10_000);
        OutputStream out = socket.getOutputStream();
        out.write(
            ("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:"
                    + port
                    + "\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: "
                    + CHAT.length()
                    + "\r\n\r\n"
                    + CHAT)
                .getBytes(StandardCharsets.ISO_8859_1));
        InputStream in = socket.getInputStream();
        last = new String(in.readNBytes(12), StandardCharsets.ISO_8859_1);
        if (last.endsWith(" 200")) {
          return;
        }
        last +=
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                .replaceFirst("(?s)^.*?\r\n\r\n", " ");
      } catch (IOException e) {
        last = e.getMessage();
      }
      Thread.sleep(3);
    }
    throw new IOException(
        name + " gave no answer in " + limitMs + " ms: " + last + "; it says: " + lastWords());
  }

  private String lastWords() throws IOException {
    List<String> lines = log == null ? List.of() : Files.readAllLines(log);
    return String.join(" / ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
  }

  @Override
  public void close() {
    if (process != null) {
      end(process);
    }
  }

  /** Ends a process and its children, and nothing else. */
  static void end(Process process) {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroy);
    for (ProcessHandle handle : all) {
      try {
        handle.onExit().get(5, TimeUnit.SECONDS);
      } catch (Exception e) {
        handle.destroyForcibly();
      }
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
