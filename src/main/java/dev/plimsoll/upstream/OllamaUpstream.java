package dev.plimsoll.upstream;

import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.CompletionRequest;
import dev.plimsoll.chat.ModelRequest;
import dev.plimsoll.json.JsonOut;
import dev.plimsoll.recover.Continuation;
import dev.plimsoll.sse.LineSplitter;
import dev.plimsoll.stream.Anomaly;
import dev.plimsoll.stream.EventSink;
import dev.plimsoll.stream.OllamaReader;
import dev.plimsoll.stream.StreamEvent;
import dev.plimsoll.stream.Timings;
import dev.plimsoll.stream.UpstreamFailure;
import dev.plimsoll.tokens.PromptMeasure;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Ollama by its native API: {@code /api/chat} and {@code /api/generate}, always streamed. */
final class OllamaUpstream implements Upstream {
  /** The longest line: a tool call comes in one, and its arguments may be a whole file. */
  private static final int MAX_LINE = 64 * 1024 * 1024;

  /** A load that took longer than this was a real one, not the look at a loaded model. */
  private static final long REAL_LOAD_NANOS = 200_000_000L;

  private final SmallCalls calls;
  private final OllamaModels models;
  private final PrefillProbe prefill;
  private final OllamaMeasures measures;
  private final dev.plimsoll.config.Upstream config;
  private final UpstreamAddress address;
  private final HttpCall.Limits limits;
  private final LongSupplier nanoTime;

  OllamaUpstream(
      SmallCalls calls,
      OllamaModels models,
      OllamaMeasures measures,
      dev.plimsoll.config.Upstream config,
      LongSupplier nanoTime) {
    this.calls = calls;
    this.models = models;
    this.prefill = new PrefillProbe(this::prompt);
    this.measures = measures;
    this.config = config;
    this.address = UpstreamAddress.of(config.url());
    this.limits = HttpCall.Limits.of(config);
    this.nanoTime = nanoTime;
  }

  @Override
  public Found find(String name) throws InterruptedException {
    return models.find(name);
  }

  @Override
  public Found prepare(Loop loop, Model model, Consumer<UpstreamCall> current)
      throws InterruptedException {
    if (model.window().isPresent()) {
      models.refreshLoaded();
      return new Found.Is(model);
    }
    models.learnLoaded();
    Found found = windowOf(model);
    if (found instanceof Found.Is) {
      return found;
    }
    UpstreamFailure failure = load(loop, model, current);
    if (failure != null) {
      return new Found.Failed(failure);
    }
    models.learnLoaded(model);
    return windowOf(model);
  }

  private Found windowOf(Model model) {
    var window = models.window(model);
    return window.isPresent()
        ? new Found.Is(model.withWindow(window.getAsLong()))
        : new Found.Failed(
            new UpstreamFailure.Unreadable("/api/ps does not tell the model's context_length"));
  }

  /** Loads the model with the window that its server chooses; null when it went well. */
  private @Nullable UpstreamFailure load(Loop loop, Model model, Consumer<UpstreamCall> current)
      throws InterruptedException {
    CompletableFuture<Optional<UpstreamFailure>> loaded = new CompletableFuture<>();
    byte[] body = OllamaBody.load(model, config.keepAlive());
    loop.run(
        () -> {
          LineDecoder decoder = new LineDecoder(_ -> {});
          AnswerListener listener =
              new AnswerListener(decoder, failure -> loaded.complete(Optional.ofNullable(failure)));
          current.accept(start(loop, "/api/chat", body, limits, listener));
        });
    try {
      return loaded.get().orElse(null);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a load that ends without a value", e);
    }
  }

  @Override
  public PromptMeasure measure(
      Loop loop, Model model, ChatRequest request, Consumer<UpstreamCall> current)
      throws InterruptedException {
    return measures.measure((route, body) -> ask(loop, route, body, current), model, request);
  }

  /** Asks and waits for all of the answer, as long as loading a model may take. */
  private WholeAnswer.Result ask(
      Loop loop, String route, byte[] body, Consumer<UpstreamCall> current)
      throws InterruptedException {
    WholeAnswer answer = new WholeAnswer();
    loop.run(() -> current.accept(start(loop, route, body, limits, answer.listener())));
    return answer.await();
  }

  @Override
  public Encoded encode(Question question, Model model) {
    try {
      return switch (question.request()) {
        case ChatRequest chat -> OllamaBody.chat(chat, question, model, config.keepAlive());
        case CompletionRequest old -> OllamaBody.generate(old, question, model, config.keepAlive());
      };
    } catch (OllamaRefusal e) {
      return new Encoded.Refused(e.error());
    }
  }

  @Override
  public Continuation.Way wayToContinue(Model model, ModelRequest request)
      throws InterruptedException {
    return prefill.way(model, request);
  }

  /** Rendering loads a model that is not loaded, but generates nothing. */
  private @Nullable String prompt(ChatRequest request, Question question, Model model)
      throws InterruptedException {
    try {
      byte[] body = OllamaBody.render(request, question, model, config.keepAlive());
      return PrefillProbe.text(calls.post("/api/chat", body), "/_debug_info/rendered_template");
    } catch (OllamaRefusal e) {
      return null;
    }
  }

  @Override
  public void unload(Model model) throws InterruptedException {
    JsonOut out = new JsonOut(64).ascii("{\"model\":").string(model.name());
    calls.post("/api/generate", out.ascii(",\"keep_alive\":0}").toBytes());
  }

  @Override
  public UpstreamCall send(
      Loop loop,
      Encoded.Ready request,
      MultiMap headers,
      Duration firstByte,
      EventSink events,
      Consumer<@Nullable UpstreamFailure> end) {
    AnswerListener listener = new AnswerListener(new LineDecoder(events), end);
    HttpCall.Limits patience = limits.withFirstByte(firstByte);
    return start(loop, request.route(), request.body(), patience, listener);
  }

  private UpstreamCall start(
      Loop loop, String route, byte[] body, HttpCall.Limits patience, HttpCall.Listener listener) {
    RequestOptions options = address.post(route);
    config.apiKey().ifPresent(key -> options.putHeader("authorization", "Bearer " + key));
    HttpCall call = new HttpCall(loop, patience, nanoTime, listener);
    call.start(options, Buffer.buffer(body));
    return call;
  }

  @Override
  public void answered(Model model, @Nullable Timings timings) {
    if (timings != null && timings.load() > REAL_LOAD_NANOS) {
      models.refreshLoaded();
    }
  }

  @Override
  public void tooLong(Model model, OptionalLong most) throws InterruptedException {
    models.shrink(model, most);
  }

  /** Lines of JSON, in whatever pieces they come. */
  private static final class LineDecoder implements AnswerListener.Decoder {
    private final LineSplitter lines = new LineSplitter(MAX_LINE);
    private final EventSink events;
    private final OllamaReader reader;

    LineDecoder(EventSink events) {
      this.events = events;
      reader = new OllamaReader(events);
    }

    @Override
    public void contentType(String type) {
      // NDJSON and a single JSON document read alike.
    }

    @Override
    public boolean feed(byte[] bytes) {
      boolean fits = lines.feed(bytes, 0, bytes.length, reader);
      if (!fits) {
        events.event(new StreamEvent.Noticed(Anomaly.OVERSIZED_LINE));
      }
      return fits;
    }

    @Override
    public void finish() {
      lines.finish(reader);
    }
  }
}
