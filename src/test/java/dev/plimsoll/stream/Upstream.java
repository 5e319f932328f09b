package dev.plimsoll.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.plimsoll.chat.FinishReason;
import dev.plimsoll.json.JsonOut;
import dev.plimsoll.sse.LineSplitter;
import dev.plimsoll.sse.SseReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The two kinds of upstream, each with its framing and reader, and everything behind them. */
enum Upstream {
  OLLAMA(".ndjson") {
    @Override
    void read(byte[] bytes, int[] cuts, EventSink sink) {
      LineSplitter splitter = new LineSplitter(MAX_LINE);
      OllamaReader reader = new OllamaReader(sink);
      feed(splitter, bytes, cuts, reader);
      splitter.finish(reader);
    }
  },
  OPENAI(".sse") {
    @Override
    void read(byte[] bytes, int[] cuts, EventSink sink) {
      LineSplitter splitter = new LineSplitter(MAX_LINE);
      SseReader reader = new SseReader(new OpenAiReader(sink), MAX_LINE);
      feed(splitter, bytes, cuts, reader);
      splitter.finish(reader);
      reader.finish();
    }
  };

  static final AnswerId ID = new AnswerId("chatcmpl-own", 1700000000, "m", "reasoning_content");
  private static final int MAX_LINE = 1 << 20;
  private static final long MAX_HELD = 1 << 20;

  final String ending;

  Upstream(String ending) {
    this.ending = ending;
  }

  /** Reads a whole stream that arrives in pieces. */
  abstract void read(byte[] bytes, int[] cuts, EventSink sink);

  private static void feed(
      LineSplitter splitter, byte[] bytes, int[] cuts, LineSplitter.LineSink sink) {
    int from = 0;
    for (int cut : cuts) {
      piece(splitter, bytes, from, cut, sink);
      from = cut;
    }
    piece(splitter, bytes, from, bytes.length, sink);
  }

  /** Each piece in an array of its own that is spoiled afterwards, as a socket's buffer is. */
  private static void piece(
      LineSplitter splitter, byte[] bytes, int from, int to, LineSplitter.LineSink sink) {
    byte[] piece = new byte[to - from + 2];
    System.arraycopy(bytes, from, piece, 1, to - from);
    if (!splitter.feed(piece, 1, piece.length - 1, sink)) {
      throw new AssertionError("a line is too long");
    }
    java.util.Arrays.fill(piece, (byte) '#');
  }

  /** What a client got, and what was thought of it. */
  record Result(String client, Verdict verdict, Sent sent) {
    List<dev.plimsoll.chat.ToolCall> calls() {
      return verdict instanceof Verdict.Complete complete ? complete.calls() : List.of();
    }
  }

  /** Runs a stream through the watcher into a canonical chat stream that wants its usage. */
  Result chat(byte[] bytes, String model, int... cuts) {
    return run(bytes, new ChatStream(named(model), true), cuts);
  }

  static AnswerId named(String model) {
    return new AnswerId(ID.id(), ID.created(), model, ID.reasoningField());
  }

  Result run(byte[] bytes, AnswerWriter writer, int... cuts) {
    ResponseWatcher watcher = new ResponseWatcher(writer, "call_own_", MAX_HELD);
    read(bytes, cuts, watcher);
    Verdict verdict = watcher.verdict(null);
    if (verdict instanceof Verdict.Complete complete) {
      writer.end(watcher.answer(complete));
    }
    return new Result(written(writer.out()), verdict, watcher.sent());
  }

  static String written(JsonOut out) {
    return new String(out.toBytes(), UTF_8);
  }

  /** The events of a stream in words, so that nothing of their bytes is kept. */
  List<String> events(String text) {
    List<String> events = new ArrayList<>();
    read(text.getBytes(UTF_8), new int[0], event -> events.add(words(event)));
    return events;
  }

  private static String words(StreamEvent event) {
    return switch (event) {
      case StreamEvent.Opened e ->
          "opened " + e.id().text() + " " + e.created() + " " + e.model().text();
      case StreamEvent.TextDelta e -> "text " + e.text().text() + whole(e.chunk() != null);
      case StreamEvent.ReasoningDelta e ->
          "reasoning " + e.text().text() + whole(e.chunk() != null);
      case StreamEvent.ToolCallDelta e ->
          "call " + e.index() + " " + e.id() + " " + e.name() + " " + e.arguments();
      case StreamEvent.UsageReport e -> usage(e) + whole(e.chunk() != null);
      case StreamEvent.Finished e -> finish(e.reason()) + whole(e.chunk() != null);
      case StreamEvent.Noticed e -> "noticed " + e.anomaly().label();
      case StreamEvent.Done _ -> "done";
      case StreamEvent.Failed e -> "failed " + e.failure().getClass().getSimpleName();
    };
  }

  private static String usage(StreamEvent.UsageReport report) {
    var usage = report.usage();
    return "usage "
        + usage.prompt()
        + "+"
        + usage.completion()
        + " cached "
        + usage.cached()
        + " reasoning "
        + usage.reasoning();
  }

  private static String finish(FinishReason reason) {
    return "finished " + reason.label();
  }

  private static String whole(boolean chunk) {
    return chunk ? " (chunk)" : "";
  }

  /** A case of the repository, by its name without ending. */
  byte[] load(String name) {
    byte[] found = resource("/cases/" + name + ending);
    if (found == null) {
      throw new IllegalArgumentException("no case " + name + ending);
    }
    return found;
  }

  private static byte @Nullable [] resource(String path) {
    try (InputStream in = Upstream.class.getResourceAsStream(path)) {
      if (in == null) {
        return null;
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      in.transferTo(bytes);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
