import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An agent, or a thousand, on one thread: sends requests over keep-alive connections, reads the
 * answers and checks every one of them.
 *
 * <p>One job a line on standard input, one result a line on standard output; "stop" ends a job by
 * leaving, as a client that was closed does.
 */
final class LoadGenerator {
  private final Selector selector;
  private final AtomicBoolean stop = new AtomicBoolean();
  private final ByteBuffer reading = ByteBuffer.allocate(1 << 16);
  private int serial;

  private LoadGenerator() throws IOException {
    selector = Selector.open();
  }

  static void main(String[] args) throws Exception {
    LoadGenerator generator = new LoadGenerator();
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("ready");
    Thread running = null;
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      if (line.equals("stop")) {
        generator.stop.set(true);
        generator.selector.wakeup();
        continue;
      }
      if (running != null) {
        running.join();
      }
      Job job = Job.parse(line);
      generator.stop.set(false);
      running =
          Thread.ofPlatform().name("load").start(() -> System.out.println(generator.run(job)));
    }
    System.exit(0); // the orchestrator is gone
  }

  /**
   * @param connections how many at once
   * @param requests how many on each connection, one after the other
   * @param staggerMs over what time the connections start
   * @param everyMs when positive, one request at a time, started at this pace over all connections
   * @param limitMs when to give up
   */
  record Job(
      int port,
      int connections,
      int requests,
      int body,
      boolean stream,
      int chunks,
      int intervalMs,
      int burst,
      int staggerMs,
      int everyMs,
      int limitMs) {
    String line() {
      return "%d %d %d %d %b %d %d %d %d %d %d"
          .formatted(
              port,
              connections,
              requests,
              body,
              stream,
              chunks,
              intervalMs,
              burst,
              staggerMs,
              everyMs,
              limitMs);
    }

    static Job parse(String line) {
      String[] w = line.split(" ");
      int[] n = new int[w.length];
      for (int i = 0; i < w.length; i++) {
        n[i] = i == 4 ? 0 : Integer.parseInt(w[i]);
      }
      return new Job(
          n[0], n[1], n[2], n[3], Boolean.parseBoolean(w[4]), n[5], n[6], n[7], n[8], n[9], n[10]);
    }
  }

  /** What a job came to; latencies run from the first byte sent to the first text read. */
  record Result(
      int intact, int broken, long events, long wallMs, long p50, long p99, String trouble) {
    static final String OPEN = "open";

    @Override
    public String toString() {
      return "result %d %d %d %d %d %d %s"
          .formatted(intact, broken, events, wallMs, p50, p99, trouble.replace('\n', ' '));
    }

    static Result parse(String line) {
      String[] w = line.split(" ", 8);
      return new Result(
          Integer.parseInt(w[1]),
          Integer.parseInt(w[2]),
          Long.parseLong(w[3]),
          Long.parseLong(w[4]),
          Long.parseLong(w[5]),
          Long.parseLong(w[6]),
          w[7]);
    }
  }

  private Result run(Job job) {
    Run run = new Run(job);
    try {
      run.toEnd();
    } catch (IOException e) {
      run.trouble(e.toString());
    }
    return run.result();
  }

  /** The state of one job. */
  private final class Run {
    private final Job job;
    private final Script.Body body;
    private final Client[] clients;
    private final long[] latencies;
    private int answered;
    private int intact;
    private int opened;
    private int ended;
    private long events;
    private String trouble = "";
    private final long startedAt = System.nanoTime();
    private int started;
    private boolean busy;

    Run(Job job) {
      this.job = job;
      body = Script.Body.of(job.body(), job.stream(), job.chunks(), job.intervalMs(), job.burst());
      clients = new Client[job.connections()];
      latencies = new long[job.connections() * job.requests()];
    }

    void toEnd() throws IOException {
      long limit = startedAt + job.limitMs() * 1_000_000L;
      while (ended < clients.length && !stop.get() && System.nanoTime() < limit) {
        long wait = start();
        if (wait < 0) {
          selector.select(100);
        } else if (wait == 0) {
          selector.selectNow();
        } else {
          selector.select(Math.min(100, wait / 1_000_000 + 1));
        }
        for (SelectionKey key : selector.selectedKeys()) {
          ((Client) key.attachment()).ready(key);
        }
        selector.selectedKeys().clear();
      }
      for (Client client : clients) {
        if (client != null) {
          client.close();
        }
      }
      selector.selectNow(); // lets the closed channels go
    }

    /** Starts what is due; answers how many nanoseconds until more is, negative for nothing. */
    private long start() {
      long now = System.nanoTime();
      if (job.everyMs() > 0) {
        int total = clients.length * job.requests();
        long due = startedAt + started * (long) job.everyMs() * 1_000_000L;
        if (busy || started == total) {
          return -1;
        }
        if (now < due) {
          return due - now;
        }
        busy = true;
        client(started++ % clients.length).send();
        return -1;
      }
      while (started < clients.length) {
        long due = startedAt + started * (long) job.staggerMs() * 1_000_000L / clients.length;
        if (now < due) {
          return due - now;
        }
        client(started++).send();
      }
      return -1;
    }

    private Client client(int index) {
      if (clients[index] == null) {
        clients[index] = new Client(this, index);
      }
      return clients[index];
    }

    void opened() {
      if (++opened == clients.length) {
        System.out.println(Result.OPEN);
      }
    }

    void answered(Client client, long latency, String problem) {
      latencies[answered++] = latency;
      events += client.answer.events();
      if (problem.isEmpty()) {
        intact++;
      } else {
        trouble(problem);
      }
      busy = false;
      if (--client.left == 0) {
        ended++;
      } else if (job.everyMs() == 0) {
        client.send();
      }
    }

    void trouble(String problem) {
      if (trouble.isEmpty()) {
        trouble = problem;
      }
    }

    Result result() {
      long[] sorted = Arrays.copyOf(latencies, answered);
      Arrays.sort(sorted);
      int asked = clients.length * job.requests();
      return new Result(
          intact,
          asked - intact,
          events,
          (System.nanoTime() - startedAt) / 1_000_000,
          answered == 0 ? 0 : sorted[answered / 2],
          answered == 0 ? 0 : sorted[answered * 99 / 100],
          trouble.isEmpty() && intact < asked && !stop.get() ? "time is up" : trouble);
    }
  }

  /** One agent: a connection and the request on it. */
  private final class Client {
    private final Run run;
    private final byte[] head;
    private int left;
    private SocketChannel channel;
    private Answer answer;
    private ByteBuffer[] out;
    private long sentAt;
    private boolean first = true;

    Client(Run run, int index) {
      this.run = run;
      left = run.job.requests();
      head =
          Script.ascii(
              "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:"
                  + run.job.port()
                  + "\r\nContent-Type: application/json\r\nx-session-id: bench-"
                  + run.job.body()
                  + "-"
                  + index
                  + "\r\nContent-Length: "
                  + run.body.length()
                  + "\r\n\r\n");
    }

    void send() {
      answer = new Answer(run.job.chunks(), run.job.stream());
      byte[] number = Script.ascii("%08d".formatted(++serial));
      out =
          new ByteBuffer[] {
            ByteBuffer.wrap(head),
            ByteBuffer.wrap(run.body.before()),
            ByteBuffer.wrap(number),
            ByteBuffer.wrap(run.body.after())
          };
      try {
        if (channel == null) {
          channel = SocketChannel.open();
          channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
          channel.connect(new InetSocketAddress("127.0.0.1", run.job.port()));
          channel.configureBlocking(false);
          channel.register(selector, 0, this);
        }
        sentAt = System.nanoTime();
        write(channel.keyFor(selector));
      } catch (IOException e) {
        failed(e.toString());
      }
    }

    private void write(SelectionKey key) throws IOException {
      channel.write(out);
      boolean more = out[out.length - 1].hasRemaining();
      key.interestOps(more ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    void ready(SelectionKey key) {
      try {
        if (key.isValid() && key.isWritable()) {
          write(key);
        }
        if (key.isValid() && key.isReadable()) {
          read();
        }
      } catch (IOException e) {
        failed(e.toString());
      }
    }

    private void read() throws IOException {
      reading.clear();
      int count = channel.read(reading);
      if (count < 0) {
        if (left > 0 && (run.job.everyMs() == 0 || !answer.ended())) {
          failed("closed: " + answer.trouble());
        } else {
          close();
        }
        return;
      }
      long now = System.nanoTime();
      answer.take(reading.array(), count, now);
      if (first && answer.firstAt() != 0) {
        first = false;
        run.opened();
      }
      if (answer.ended()) {
        if (!answer.keepAlive()) {
          close();
        }
        run.answered(this, answer.firstAt() == 0 ? 0 : answer.firstAt() - sentAt, answer.trouble());
      }
    }

    private void failed(String problem) {
      close();
      run.answered(this, 0, problem);
    }

    void close() {
      if (channel != null) {
        try {
          channel.close();
        } catch (IOException e) {
          // It is gone, which was the wish.
        }
        channel = null;
      }
    }
  }
}
