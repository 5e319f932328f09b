import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * A model server without a model: OpenAI chat completions in llama-server's form and Ollama's
 * native API on one port, one thread, no allocation per chunk. Each request says how it wants to be
 * answered ({@link Script.Plan}).
 */
final class FakeUpstream {
  private static final byte[] STREAM_OFF = Script.ascii("\"stream\":false");
  private static final byte[] HEAD_END = Script.ascii("\r\n\r\n");
  private static final String CHAT_TEMPLATE =
      "{{- range .Messages }}<|im_start|>{{ .Role }}\\n{{ .Content }}<|im_end|>\\n{{ end }}"
          + "<|im_start|>assistant\\n";

  private final Selector selector = Selector.open();
  private final Script.Tape openAi = Script.Tape.openAi();
  private final Script.Tape ollama = Script.Tape.ollama();
  private final ByteBuffer reading = ByteBuffer.allocateDirect(1 << 18);
  private final PriorityQueue<Connection> paced =
      new PriorityQueue<>(Comparator.comparingLong(connection -> connection.due));
  private final ArrayDeque<Connection> unpaced = new ArrayDeque<>();

  private FakeUpstream() throws IOException {}

  static void main(String[] args) throws IOException {
    new FakeUpstream().serve();
  }

  private void serve() throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress("127.0.0.1", 0), 4096);
    server.configureBlocking(false);
    server.register(selector, SelectionKey.OP_ACCEPT);
    System.out.println("ready " + ((InetSocketAddress) server.getLocalAddress()).getPort());
    while (true) {
      wait(selector);
      for (SelectionKey key : selector.selectedKeys()) {
        if (key.isValid() && key.isAcceptable()) {
          accept(server);
        } else if (key.attachment() instanceof Connection connection) {
          connection.guarded(key);
        }
      }
      selector.selectedKeys().clear();
      long now = System.nanoTime();
      while (!paced.isEmpty() && paced.peek().due <= now) {
        paced.poll().advanceGuarded();
      }
      for (int n = unpaced.size(); n > 0; n--) {
        unpaced.poll().advanceGuarded();
      }
    }
  }

  private void wait(Selector selector) throws IOException {
    if (!unpaced.isEmpty()) {
      selector.selectNow();
    } else if (paced.isEmpty()) {
      selector.select();
    } else {
      long nanos = paced.peek().due - System.nanoTime();
      if (nanos <= 0) {
        selector.selectNow();
      } else {
        selector.select(nanos / 1_000_000 + 1);
      }
    }
  }

  private void accept(ServerSocketChannel server) throws IOException {
    for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
      channel.configureBlocking(false);
      channel.setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
      channel.register(selector, SelectionKey.OP_READ, new Connection(channel));
    }
  }

  /** One socket: the request being read and the answer being written. */
  private final class Connection {
    private final SocketChannel channel;
    private byte[] in = new byte[2048];
    private int length;
    private int bodyAt = -1;
    private int bodyLength;

    private Script.Tape tape;
    private Script.Plan plan;
    private ByteBuffer view;
    private int next;
    private boolean tailed;
    private long due;
    private ByteBuffer out;

    Connection(SocketChannel channel) {
      this.channel = channel;
    }

    void guarded(SelectionKey key) {
      try {
        if (!key.isValid()) {
          return;
        }
        if (key.isWritable() && flush()) {
          key.interestOps(SelectionKey.OP_READ);
          reschedule();
        }
        if (key.isReadable()) {
          read();
        }
      } catch (IOException e) {
        close();
      }
    }

    void advanceGuarded() {
      try {
        if (channel.isOpen()) {
          advance();
        }
      } catch (IOException e) {
        close();
      }
    }

    private void close() {
      plan = null;
      paced.remove(this);
      try {
        channel.close();
      } catch (IOException e) {
        // It is gone, which was the wish.
      }
    }

    private void read() throws IOException {
      reading.clear();
      if (channel.read(reading) < 0) {
        close();
        return;
      }
      reading.flip();
      int more = reading.remaining();
      if (length + more > in.length) {
        in = Arrays.copyOf(in, Math.max(length + more, in.length * 2));
      }
      reading.get(in, length, more);
      length += more;
      while (plan == null && out == null && complete()) {
        handle();
      }
    }

    private boolean complete() {
      if (bodyAt < 0) {
        int end = Script.indexOf(in, 0, length, HEAD_END);
        if (end < 0) {
          return false;
        }
        bodyAt = end + HEAD_END.length;
        bodyLength = announced();
        if (bodyLength > 0 && bodyAt + bodyLength > in.length) {
          in = Arrays.copyOf(in, bodyAt + bodyLength);
        }
      }
      return bodyLength >= 0 ? length >= bodyAt + bodyLength : dechunk();
    }

    /** The announced body length, 0 without a body, -1 when the body is chunked. */
    private int announced() {
      String head = new String(in, 0, bodyAt, StandardCharsets.ISO_8859_1).toLowerCase();
      if (head.contains("transfer-encoding: chunked")) {
        return -1;
      }
      int at = head.indexOf("\r\ncontent-length:");
      return at < 0
          ? 0
          : Integer.parseInt(head.substring(at + 17, head.indexOf('\r', at + 17)).strip());
    }

    /** Joins a chunked body in place once its last chunk is there. */
    private boolean dechunk() {
      int from = bodyAt;
      int joined = bodyAt;
      byte[] copy = in.clone();
      while (true) {
        int line = Script.indexOf(in, from, length, new byte[] {'\r', '\n'});
        if (line < 0) {
          return false;
        }
        int size =
            Integer.parseInt(new String(in, from, line - from, StandardCharsets.ISO_8859_1), 16);
        if (line + 2 + size + 2 > length) {
          return false;
        }
        System.arraycopy(in, line + 2, copy, joined, size);
        joined += size;
        from = line + 2 + size + 2;
        if (size == 0) {
          bodyLength = joined - bodyAt;
          System.arraycopy(in, from, copy, joined, length - from);
          length = joined + length - from;
          in = copy;
          return true;
        }
      }
    }

    private void handle() throws IOException {
      int target = Script.indexOf(in, 0, length, new byte[] {' '}) + 1;
      int space = Script.indexOf(in, target, length, new byte[] {' '});
      String path = new String(in, target, space - target, StandardCharsets.ISO_8859_1);
      int from = bodyAt;
      int to = bodyAt + bodyLength;
      switch (path) {
        case "/v1/chat/completions" -> chat(openAi, from, to);
        case "/api/chat" -> ollamaChat(from, to);
        case "/v1/chat/completions/input_tokens" ->
            json(
                "{\"object\":\"response.input_tokens\",\"input_tokens\":"
                    + Script.Plan.find(in, from, to).promptTokens()
                    + "}");
        case "/api/show" -> json(show(new String(in, from, to - from, StandardCharsets.UTF_8)));
        default -> fixed(path);
      }
      length -= to;
      System.arraycopy(in, to, in, 0, length);
      if (in.length > 4096 && length < 2048) {
        in = Arrays.copyOf(in, 2048);
      }
      bodyAt = -1;
    }

    private void ollamaChat(int from, int to) throws IOException {
      if (Script.indexOf(in, from, Math.min(to, from + 4096), Script.ascii("\"messages\":[]"))
          >= 0) {
        json(
            "{\"model\":\""
                + Script.MODEL
                + "\",\"created_at\":\"2026-11-24T04:37:25Z\",\"message\":{\"role\":\"assistant\","
                + "\"content\":\"\"},\"done\":true,\"done_reason\":\"load\"}");
      } else if (near(from, to, Script.ascii("\"_debug_render_only\":true"))) {
        json(render(new String(in, from, to - from, StandardCharsets.UTF_8)));
      } else {
        chat(ollama, from, to);
      }
    }

    private void chat(Script.Tape answer, int from, int to) throws IOException {
      Script.Plan wish = Script.Plan.find(in, from, to);
      if (near(from, to, STREAM_OFF)) {
        json(answer == openAi ? Script.wholeOpenAi(wish) : Script.wholeOllama(wish));
        return;
      }
      plan = wish;
      tape = answer;
      view = answer.view();
      next = 0;
      tailed = false;
      due = System.nanoTime();
      advance();
    }

    /** Fields lie before or behind the long list of messages. */
    private boolean near(int from, int to, byte[] what) {
      return Script.indexOf(in, from, Math.min(to, from + 4096), what) >= 0
          || Script.indexOf(in, Math.max(from, to - 4096), to, what) >= 0;
    }

    private void advance() throws IOException {
      if (plan == null) {
        return;
      }
      if (next < plan.chunks()) {
        next = Math.min(plan.chunks(), next + plan.burst());
        view.limit(tape.end(next - 1));
        out = view;
      } else {
        out = tape.tail(plan);
        tailed = true;
      }
      if (flush()) {
        reschedule();
      } else {
        channel.keyFor(selector).interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
      }
    }

    private boolean flush() throws IOException {
      if (out == null) {
        return true;
      }
      channel.write(out);
      if (out.hasRemaining()) {
        return false;
      }
      out = null;
      return true;
    }

    private void reschedule() throws IOException {
      if (plan == null) {
        return;
      }
      if (tailed) {
        plan = null;
      } else if (next == plan.chunks()) {
        advance();
      } else if (plan.intervalMs() == 0) {
        unpaced.add(this);
      } else {
        due += plan.intervalMs() * 1_000_000L;
        paced.add(this);
      }
    }

    private void json(String body) throws IOException {
      answer("200 OK", "application/json", body);
    }

    private void answer(String status, String type, String body) throws IOException {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      byte[] head =
          Script.ascii(
              "HTTP/1.1 "
                  + status
                  + "\r\nContent-Type: "
                  + type
                  + "\r\nContent-Length: "
                  + bytes.length
                  + "\r\n\r\n");
      out = ByteBuffer.allocate(head.length + bytes.length).put(head).put(bytes).flip();
      if (!flush()) {
        channel.keyFor(selector).interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
      }
    }

    private void fixed(String path) throws IOException {
      String name = "\"name\":\"" + Script.MODEL + "\",\"model\":\"" + Script.MODEL + "\"";
      String digest = ",\"size\":209505483,\"digest\":\"" + Script.DIGEST + "\"";
      switch (path) {
        case "/" -> answer("200 OK", "text/plain", "Ollama is running");
        case "/health" -> json("{\"status\":\"ok\"}");
        case "/api/version" -> json("{\"version\":\"0.33.0\"}");
        case "/api/tags" ->
            json(
                "{\"models\":[{"
                    + name
                    + ",\"modified_at\":\"2026-11-24T04:09:05Z\""
                    + digest
                    + ","
                    + DETAILS
                    + ",\"capabilities\":[\"completion\",\"tools\"]}]}");
        case "/api/ps" ->
            json(
                "{\"models\":[{"
                    + name
                    + digest
                    + ","
                    + DETAILS
                    + ",\"expires_at\":\"2036-11-24T05:07:23Z\",\"size_vram\":209505483,"
                    + "\"context_length\":"
                    + Script.WINDOW
                    + "}]}");
        case "/api/generate" ->
            json("{\"model\":\"" + Script.MODEL + "\",\"response\":\"\",\"done\":true}");
        case "/v1/models" ->
            json(
                "{\"object\":\"list\",\"data\":[{\"id\":\""
                    + Script.MODEL
                    + "\",\"object\":\"model\",\"created\":1795495246,\"owned_by\":\"bench\","
                    + "\"meta\":{\"n_ctx\":"
                    + Script.WINDOW
                    + ",\"n_ctx_train\":"
                    + Script.WINDOW
                    + "}}]}");
        case "/props" ->
            json(
                "{\"default_generation_settings\":{\"n_ctx\":"
                    + Script.WINDOW
                    + "},\"total_slots\":1}");
        default -> answer("404 Not Found", "application/json", "{\"error\":\"not found\"}");
      }
    }
  }

  private static final String DETAILS =
      "\"details\":{\"parent_model\":\"\",\"format\":\"gguf\",\"family\":\"qwen2\",\"families\":"
          + "[\"qwen2\"],\"parameter_size\":\"630.17M\",\"quantization_level\":\"Q4_K_M\"}";

  private static String show(String request) {
    boolean verbose = request.replace(" ", "").contains("\"verbose\":true");
    return "{\"modelfile\":\"FROM bench\\nTEMPLATE \\\"chatml\\\"\\n\",\"parameters\":\"\","
        + "\"template\":\""
        + CHAT_TEMPLATE
        + "\","
        + DETAILS
        + ",\"model_info\":{\"general.architecture\":\"qwen2\",\"qwen2.context_length\":"
        + Script.WINDOW
        + (verbose ? "," + Script.vocabulary() : "")
        + "},\"capabilities\":[\"completion\",\"tools\"],\"modified_at\":\"2026-11-24T04:09:05Z\"}";
  }

  /** ChatML with Qwen's tool block, enough for a proxy that learns the template by rendering. */
  private static String render(String request) {
    Map<?, ?> body = (Map<?, ?>) Json.parse(request);
    StringBuilder prompt = new StringBuilder();
    boolean tools = body.get("tools") instanceof List<?> list && !list.isEmpty();
    if (tools) {
      prompt.append("<|im_start|>system\n# Tools\n\n<tools>\n");
      for (Object tool : (List<?>) body.get("tools")) {
        prompt.append(Json.write(tool)).append('\n');
      }
      prompt.append("</tools><|im_end|>\n");
    }
    for (Object item : (List<?>) body.get("messages")) {
      Map<?, ?> message = (Map<?, ?>) item;
      prompt.append("<|im_start|>").append(message.get("role")).append('\n');
      prompt.append(message.get("content") instanceof String content ? content : "");
      if (message.get("tool_calls") instanceof List<?> calls) {
        for (Object call : calls) {
          Map<?, ?> function = (Map<?, ?>) ((Map<?, ?>) call).get("function");
          prompt
              .append("\n<tool_call>\n{\"name\": ")
              .append(Json.write(function.get("name")))
              .append(", \"arguments\": ")
              .append(Json.write(function.get("arguments")))
              .append("}\n</tool_call>");
        }
      }
      prompt.append("<|im_end|>\n");
    }
    prompt.append("<|im_start|>assistant\n");
    return "{\"model\":\""
        + Script.MODEL
        + "\",\"created_at\":\"2026-11-24T04:37:25Z\",\"_debug_info\":{\"rendered_template\":"
        + Json.quote(prompt.toString())
        + ",\"image_count\":0}}";
  }
}
