package dev.plimsoll.upstream;

import dev.plimsoll.config.Config;
import dev.plimsoll.stream.UpstreamFailure;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.ext.web.client.WebClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one model server behind this Plimsoll: finds out what it is, and keeps what is known of it.
 *
 * <p>With {@code upstream.kind: auto} the server is asked on first use, and again until it answers:
 * who answers {@code /api/version} is Ollama, who answers {@code /v1/models} is an OpenAI server.
 */
public final class ModelServer {
  private static final Logger LOG = LoggerFactory.getLogger(ModelServer.class);

  private final dev.plimsoll.config.Upstream config;
  private final SmallCalls calls;
  private final OllamaModels ollamaModels;
  private final OllamaUpstream ollama;
  private final OpenAiUpstream openAi;
  private final ClientHeaders clientHeaders;
  private final LongSupplier nanoTime;
  private volatile dev.plimsoll.config.Upstream.Kind kind;

  /** What became of finding out which server it is. */
  public sealed interface Reached {
    /** It is known. */
    record Is(Upstream upstream, boolean ollama) implements Reached {}

    /** It could not be asked, or is no model server. */
    record Failed(UpstreamFailure failure) implements Reached {}
  }

  /** Takes the answer to a relayed request as it comes. */
  public interface RelayListener {
    /** Status and headers. */
    void head(int status, MultiMap headers);

    /** The next bytes. */
    void bytes(Buffer bytes);

    /** Nothing more comes. */
    void end(@Nullable UpstreamFailure failure);
  }

  /** The client behind all small calls of a program; one is enough, whatever is reloaded. */
  public static WebClient client(Vertx vertx) {
    return SmallCalls.client(vertx);
  }

  /** Makes what is needed to talk to the configured server; contacts nobody. */
  public ModelServer(
      WebClient client,
      Config config,
      Path dataFolder,
      LongSupplier nanoTime,
      UpstreamWatch watch) {
    this.config = config.upstream();
    this.nanoTime = nanoTime;
    this.calls = new SmallCalls(client, this.config, watch);
    this.ollamaModels = new OllamaModels(calls, config.context(), dataFolder, nanoTime);
    OllamaMeasures measures = new OllamaMeasures(dataFolder, this.config.keepAlive());
    this.ollama = new OllamaUpstream(calls, ollamaModels, measures, this.config, nanoTime);
    this.openAi = new OpenAiUpstream(calls, config, nanoTime);
    this.clientHeaders = new ClientHeaders(config);
    this.kind = this.config.kind();
  }

  /** The adapter for this server. Blocks the calling virtual thread when it has to ask. */
  public Reached reach() throws InterruptedException {
    return switch (kind) {
      case OLLAMA -> new Reached.Is(ollama, true);
      case OPENAI -> new Reached.Is(openAi, false);
      case AUTO -> detect();
    };
  }

  private Reached detect() throws InterruptedException {
    SmallCalls.Reply version = calls.get("/api/version");
    if (version instanceof SmallCalls.Reply.Failed(var failure)) {
      return new Reached.Failed(failure);
    }
    if (version instanceof SmallCalls.Reply.Ok(var json) && json.has("version")) {
      return found(dev.plimsoll.config.Upstream.Kind.OLLAMA);
    }
    return switch (calls.get("/v1/models")) {
      case SmallCalls.Reply.Ok _ -> found(dev.plimsoll.config.Upstream.Kind.OPENAI);
      case SmallCalls.Reply.Refused(int status, var message) ->
          // A server that asks for a key is there, and it is no Ollama.
          status == 401 || status == 403
              ? found(dev.plimsoll.config.Upstream.Kind.OPENAI)
              : new Reached.Failed(new UpstreamFailure.Status(status, message, null));
      case SmallCalls.Reply.Failed(var failure) -> new Reached.Failed(failure);
    };
  }

  private Reached found(dev.plimsoll.config.Upstream.Kind detected) throws InterruptedException {
    kind = detected;
    LOG.atInfo()
        .addKeyValue("kind", detected.name().toLowerCase(Locale.ROOT))
        .log("found the model server");
    return reach();
  }

  /** The server's own spelling of a model that it is known to list; asks nobody. */
  public Optional<String> listed(String name) {
    return switch (kind) {
      case OLLAMA -> ollamaModels.listed(name);
      case OPENAI -> openAi.listed(name);
      case AUTO -> Optional.empty();
    };
  }

  /** What is known of the models that it lists; asks nobody. */
  public List<ModelFacts> models() {
    return switch (kind) {
      case OLLAMA -> ollamaModels.facts();
      case OPENAI -> openAi.facts();
      case AUTO -> List.of();
    };
  }

  /**
   * Asks it a question that costs it nothing, and learns from the answer; the {@link UpstreamWatch}
   * is told whether there was one. Blocks the calling virtual thread for some seconds at most.
   */
  public void probe() throws InterruptedException {
    switch (kind) {
      case OLLAMA -> ollamaModels.probe();
      case OPENAI -> openAi.probe();
      case AUTO -> reach();
    }
  }

  /** What the routes for discovery need. */
  public Discovery discovery() {
    return new Discovery(this, calls, ollamaModels);
  }

  /** Passes a request on as it came, and its answer likewise; for the loop only. */
  public UpstreamCall relay(
      Loop loop, HttpMethod method, String route, byte[] body, MultiMap headers, RelayListener to) {
    RequestOptions options = UpstreamAddress.of(config.url()).post(route).setMethod(method);
    clientHeaders.copy(headers, options);
    String type = headers.get("content-type");
    if (type != null) {
      options.putHeader("content-type", type);
    }
    HttpCall.Limits limits = HttpCall.Limits.of(config);
    HttpCall call =
        new HttpCall(loop, limits, nanoTime, new Passing(to, new BlankedKey(config.apiKey())));
    call.start(options, Buffer.buffer(body));
    return call;
  }

  /** Hands an answer on; from one that is an error, the server's own key is taken. */
  private static final class Passing implements HttpCall.Listener {
    private final RelayListener to;
    private final BlankedKey key;
    private boolean error;

    Passing(RelayListener to, BlankedKey key) {
      this.to = to;
      this.key = key;
    }

    @Override
    public void head(HttpClientResponse response) {
      error = response.statusCode() >= 400;
      to.head(response.statusCode(), response.headers());
    }

    @Override
    public void bytes(Buffer bytes) {
      tell(error ? key.pass(bytes) : bytes);
    }

    @Override
    public void end(@Nullable UpstreamFailure failure) {
      tell(key.rest());
      to.end(failure);
    }

    private void tell(Buffer bytes) {
      if (bytes.length() > 0) {
        to.bytes(bytes);
      }
    }
  }
}
