package dev.plimsoll.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.chat.CompletionRequest;
import dev.plimsoll.chat.ModelRequest;
import dev.plimsoll.config.Config;
import dev.plimsoll.config.Context;
import dev.plimsoll.recover.Continuation;
import dev.plimsoll.recover.Room;
import dev.plimsoll.sse.LineSplitter;
import dev.plimsoll.sse.SseReader;
import dev.plimsoll.stream.Anomaly;
import dev.plimsoll.stream.EventSink;
import dev.plimsoll.stream.OpenAiReader;
import dev.plimsoll.stream.StreamEvent;
import dev.plimsoll.stream.Timings;
import dev.plimsoll.stream.UpstreamFailure;
import dev.plimsoll.tokens.PromptMeasure;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Any OpenAI-compatible server: llama-server, vLLM, LM Studio, LiteLLM.
 *
 * <p>A request goes out byte for byte but for the fields that Plimsoll owns; any model name is
 * passed on, since such servers often serve one model under every name.
 */
final class OpenAiUpstream implements Upstream {
  private static final Logger LOG = LoggerFactory.getLogger(OpenAiUpstream.class);
  private static final int MAX_LINE = 64 * 1024 * 1024;
  private static final long FRESH_NANOS = 30_000_000_000L;

  /** What servers call themselves that take {@code chat_template_kwargs}. */
  private static final Set<String> TEMPLATE_OWNERS = Set.of("llamacpp", "vllm");

  private final SmallCalls calls;
  private final PrefillProbe prefill;
  private final Context context;
  private final ClientHeaders clientHeaders;
  private final UpstreamAddress address;
  private final HttpCall.Limits limits;
  private final LongSupplier nanoTime;
  private final LlamaServerMeasures measures;
  private final WindowCeilings ceilings = new WindowCeilings();
  private volatile Map<String, Listed> listed = Map.of();
  private volatile boolean templateArguments;
  private volatile boolean listedOnce;
  private volatile long listedAt;

  /** A model as the server lists it: its window, 0 when it is not told, and all else. */
  private record Listed(long window, String identity) {}

  OpenAiUpstream(SmallCalls calls, Config config, LongSupplier nanoTime) {
    this.calls = calls;
    this.prefill = new PrefillProbe(this::prompt);
    this.measures = new LlamaServerMeasures(calls);
    this.context = config.context();
    this.clientHeaders = new ClientHeaders(config);
    this.address = UpstreamAddress.of(config.upstream().url());
    this.limits = HttpCall.Limits.of(config.upstream());
    this.nanoTime = nanoTime;
  }

  @Override
  public Found find(String name) throws InterruptedException {
    if (!listedOnce) {
      listedOnce = true;
      listedAt = nanoTime.getAsLong();
      learnWindows(); // so that the very first request knows its window; a failure costs nothing
    } else if (nanoTime.getAsLong() - listedAt > FRESH_NANOS) {
      listedAt = nanoTime.getAsLong();
      Thread.ofVirtual().name("plimsoll-models").start(this::refreshWindows);
    }
    return new Found.Is(new Model(name, "", false, listed.containsKey(name), window(name)));
  }

  private OptionalLong configured(String name) {
    Context.Model own = context.models().get(name);
    OptionalInt window = own == null || own.window().isEmpty() ? context.window() : own.window();
    return window.isPresent() ? OptionalLong.of(window.getAsInt()) : OptionalLong.empty();
  }

  private OptionalLong window(String name) {
    OptionalLong configured = configured(name);
    if (configured.isPresent()) {
      return ceilings.below(name, configured);
    }
    Listed told = listed.get(name);
    return ceilings.below(
        name,
        told == null || told.window() == 0 ? OptionalLong.empty() : OptionalLong.of(told.window()));
  }

  /** A listed model's name. */
  Optional<String> listed(String name) {
    return listed.containsKey(name) ? Optional.of(name) : Optional.empty();
  }

  /** What is known of the listed models. */
  List<ModelFacts> facts() {
    return listed.keySet().stream()
        .sorted()
        .map(
            name ->
                new ModelFacts(
                    name, window(name), configured(name).isPresent(), OptionalDouble.empty()))
        .toList();
  }

  /** Asks what costs the server nothing. */
  void probe() throws InterruptedException {
    listedOnce = true;
    listedAt = nanoTime.getAsLong();
    learnWindows();
  }

  private void refreshWindows() {
    try {
      learnWindows();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** llama-server tells {@code meta.n_ctx}, vLLM {@code max_model_len}; others tell nothing. */
  private void learnWindows() throws InterruptedException {
    if (calls.get("/v1/models") instanceof SmallCalls.Reply.Ok(var json)) {
      Map<String, Listed> found = new HashMap<>();
      boolean templates = false;
      for (JsonNode model : json.path("data")) {
        long tokens = model.path("meta").path("n_ctx").asLong();
        long window = tokens > 0 ? tokens : model.path("max_model_len").asLong();
        String name = model.path("id").asText();
        found.put(name, new Listed(window, name + model.path("meta")));
        templates |= TEMPLATE_OWNERS.contains(model.path("owned_by").asText());
      }
      templateArguments = templates;
      listed = Map.copyOf(found);
    }
  }

  @Override
  public Found prepare(Loop loop, Model model, Consumer<UpstreamCall> current) {
    return new Found.Is(model);
  }

  @Override
  public PromptMeasure measure(
      Loop loop, Model model, ChatRequest request, Consumer<UpstreamCall> current)
      throws InterruptedException {
    Listed told = listed.get(model.name());
    return measures.measure(told == null ? model.name() : told.identity(), request);
  }

  @Override
  public Encoded encode(Question question, Model model) {
    return switch (question.request()) {
      case ChatRequest chat -> OpenAiBody.chat(chat, question, model.window(), templateArguments);
      case CompletionRequest old ->
          new Encoded.Ready("/v1/completions", old.body().bytes(), Room.UNKNOWN);
    };
  }

  @Override
  public Continuation.Way wayToContinue(Model model, ModelRequest request)
      throws InterruptedException {
    return prefill.way(model, request);
  }

  /** llama-server tells the prompt; others have no such route, and are told to go on instead. */
  private @Nullable String prompt(ChatRequest request, Question question, Model model)
      throws InterruptedException {
    byte[] body = OpenAiBody.chat(request, question, model.window(), false).body();
    return PrefillProbe.text(calls.post("/apply-template", body), "/prompt");
  }

  @Override
  public void unload(Model model) {
    // Such servers keep their model loaded, and cannot be told otherwise.
  }

  @Override
  public UpstreamCall send(
      Loop loop,
      Encoded.Ready request,
      MultiMap headers,
      Duration firstByte,
      EventSink events,
      Consumer<@Nullable UpstreamFailure> end) {
    RequestOptions options = address.post(request.route());
    clientHeaders.copy(headers, options);
    AnswerListener listener = new AnswerListener(new EventDecoder(events), end);
    HttpCall call = new HttpCall(loop, limits.withFirstByte(firstByte), nanoTime, listener);
    call.start(options, Buffer.buffer(request.body()));
    return call;
  }

  @Override
  public void answered(Model model, @Nullable Timings timings) {
    // Nothing to learn: the window does not change behind such an API.
  }

  @Override
  public void tooLong(Model model, OptionalLong most) throws InterruptedException {
    learnWindows(); // a server that was started anew may have another one
    boolean smaller = most.isPresent() && most.getAsLong() < model.window().orElse(Long.MAX_VALUE);
    if (smaller && ceilings.lower(model.name(), most.getAsLong())) {
      LOG.atWarn()
          .addKeyValue("window", most.getAsLong())
          .log("a model's context window is smaller than was thought");
    }
  }

  /** Server-sent events, or the one JSON document of a server that ignores {@code stream}. */
  private static final class EventDecoder implements AnswerListener.Decoder {
    private final EventSink events;
    private final LineSplitter lines = new LineSplitter(MAX_LINE);
    private final OpenAiReader reader;
    private final SseReader sse;
    private @Nullable Buffer document;

    EventDecoder(EventSink events) {
      this.events = events;
      this.reader = new OpenAiReader(events);
      this.sse = new SseReader(reader);
    }

    @Override
    public void contentType(String type) {
      if (type.startsWith("application/json")) {
        document = Buffer.buffer();
      }
    }

    @Override
    public boolean feed(byte[] bytes) {
      boolean fits;
      if (document == null) {
        fits = lines.feed(bytes, 0, bytes.length, sse);
      } else {
        document.appendBytes(bytes);
        fits = document.length() <= MAX_LINE;
      }
      if (!fits) {
        events.event(new StreamEvent.Noticed(Anomaly.OVERSIZED_LINE));
      }
      return fits;
    }

    @Override
    public void finish() {
      if (document == null) {
        lines.finish(sse);
        sse.finish();
        reader.end();
      } else {
        byte[] bytes = document.getBytes();
        reader.data(bytes, 0, bytes.length);
        events.event(new StreamEvent.Done());
      }
    }
  }
}
