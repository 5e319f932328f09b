package dev.plimsoll.cli;

import dev.plimsoll.admin.AdminRoutes;
import dev.plimsoll.admin.Check;
import dev.plimsoll.admin.HealthRoutes;
import dev.plimsoll.admin.LedgerCheck;
import dev.plimsoll.admin.LoopsCheck;
import dev.plimsoll.admin.MetricsRoute;
import dev.plimsoll.admin.OperatorServer;
import dev.plimsoll.admin.UpstreamCheck;
import dev.plimsoll.config.Config;
import dev.plimsoll.guard.BodyBudget;
import dev.plimsoll.guard.Port;
import dev.plimsoll.http.AgentServer;
import dev.plimsoll.ledger.Ledger;
import dev.plimsoll.metrics.Metrics;
import dev.plimsoll.metrics.Observed;
import dev.plimsoll.metrics.RejectReason;
import dev.plimsoll.metrics.UpstreamVitals;
import dev.plimsoll.metrics.Versions;
import dev.plimsoll.recover.RecoveryPolicy;
import dev.plimsoll.schema.SchemaRule;
import dev.plimsoll.turn.Clock;
import dev.plimsoll.turn.Explaining;
import dev.plimsoll.turn.Fitting;
import dev.plimsoll.turn.KnownFailures;
import dev.plimsoll.turn.Parts;
import dev.plimsoll.turn.Scheduler;
import dev.plimsoll.turn.Turns;
import dev.plimsoll.upstream.ModelServer;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.transport.Transport;
import io.vertx.ext.web.client.WebClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running proxy: builds every part once, takes new configurations, and ends in order. */
public final class Program implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Program.class);
  private static final int START_SECONDS = 30;
  private static final int STOP_SECONDS = 5;
  private static final Clock CLOCK = Clock.system();

  /** A loop that takes longer for an empty task does not live. */
  private static final Duration LOOP_LIMIT = Duration.ofSeconds(3);

  private final Vertx vertx;
  private final WebClient smallCalls;
  private final Path dataFolder;
  private final LedgerAtStart ledgerAtStart;
  private final Ledger ledger;
  private final UpstreamVitals vitals;
  private final Metrics metrics;
  private final Turns turns = new Turns(this::parts);
  private final Consumer<RejectReason> rejected;
  private volatile Parts parts;
  private volatile List<AgentServer> agents = List.of();
  private volatile int agentPort;
  private volatile int adminPort;

  /** Why a program did not start: one line that says what to do. */
  static final class StartFailure extends Exception {
    private static final long serialVersionUID = 1L;

    StartFailure(String message) {
      super(message, null, false, false);
    }
  }

  private Program(
      Config config,
      Path dataFolder,
      LedgerAtStart ledgerAtStart,
      UpstreamVitals vitals,
      Metrics metrics,
      Consumer<RejectReason> rejected) {
    this.dataFolder = dataFolder;
    this.ledgerAtStart = ledgerAtStart;
    this.ledger = ledgerAtStart.ledger();
    this.vitals = vitals;
    this.metrics = metrics;
    this.rejected = rejected.andThen(metrics::rejected);
    Transport transport = transport();
    this.vertx =
        Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(loops() + 1))
            .withTransport(transport)
            .build();
    this.smallCalls = ModelServer.client(vertx);
    this.parts = make(config);
    metrics.observe(
        new Observed(
            turns::inFlight,
            () -> parts.scheduler().waiting(),
            () -> ledger.health().pending(),
            () -> parts.server().models()));
  }

  /** Starts a program and waits until both ports listen. */
  static Program start(Config config, Map<String, String> environment) throws StartFailure {
    return start(config, environment, reason -> {});
  }

  /** The same with somebody who is told of each request that is turned away. */
  static Program start(
      Config config, Map<String, String> environment, Consumer<RejectReason> rejected)
      throws StartFailure {
    Path home = Path.of(System.getProperty("user.home", "."));
    String os = System.getProperty("os.name", "");
    Path ledgerFile = config.store().file(environment, home, os);
    Path dataFolder = config.store().dataFolder(environment, home, os);
    UpstreamVitals vitals = new UpstreamVitals(CLOCK.nanoTime(), CLOCK.instants());
    Versions versions = new Versions(Version.plimsoll(), Version.java(), Version.vertx());
    Metrics metrics = new Metrics(versions, vitals, CLOCK.nanoTime());
    // The file is opened while the ports are.
    LedgerAtStart ledger = LedgerAtStart.open(config.store(), ledgerFile, CLOCK, metrics.ledger());
    Program program = new Program(config, dataFolder, ledger, vitals, metrics, rejected);
    try {
      program.listen(config);
      program.ledgerAtStart.await();
      return program;
    } catch (StartFailure e) {
      program.close();
      throw e;
    }
  }

  /** Agents are few and their streams are cheap: half the cores relay, the others think. */
  private static int loops() {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }

  private static Transport transport() {
    Transport epoll = Transport.EPOLL;
    return epoll != null && epoll.available() ? epoll : Transport.NIO;
  }

  private Parts make(Config config) {
    return new Parts(
        config,
        server(config),
        scheduler(config),
        policy(config),
        new Fitting(config.compaction()),
        new SchemaRule(),
        new KnownFailures(CLOCK),
        ledger,
        metrics,
        CLOCK,
        rejected);
  }

  private ModelServer server(Config config) {
    return new ModelServer(smallCalls, config, dataFolder, CLOCK.nanoTime(), vitals);
  }

  private static Scheduler scheduler(Config config) {
    return new Scheduler(config.upstream().maxConcurrent(), config.upstream().queue());
  }

  private static RecoveryPolicy policy(Config config) {
    return new RecoveryPolicy(config.recovery());
  }

  /** What a change does not touch stays: who waits for a model, and what is known of it. */
  private Parts remake(Parts old, Config config) {
    boolean sameServer = old.config().upstream().equals(config.upstream());
    if (!sameServer) {
      vitals.forget();
    }
    boolean sameModels =
        sameServer
            && old.config().context().equals(config.context())
            && old.config().listen().apiKeys().isEmpty() == config.listen().apiKeys().isEmpty();
    return new Parts(
        config,
        sameModels ? old.server() : server(config),
        sameServer ? old.scheduler() : scheduler(config),
        policy(config),
        old.config().compaction().equals(config.compaction())
            ? old.fitting()
            : new Fitting(config.compaction()),
        old.rule(),
        old.failures(),
        ledger,
        metrics,
        CLOCK,
        rejected);
  }

  private void listen(Config config) throws StartFailure {
    RequestIds ids = new RequestIds();
    BodyBudget bodies = new BodyBudget(Runtime.getRuntime().maxMemory());
    OperatorServer admin = operators(new Port(ids, rejected, bodies, CLOCK.nanoTime()));
    await(vertx.deployVerticle(admin), config.admin().host(), config.admin().port(), "admin.port");
    adminPort = admin.port();
    Port port = new Port(ids, rejected, bodies, CLOCK.nanoTime());
    List<AgentServer> servers =
        IntStream.range(0, loops())
            .mapToObj(_ -> new AgentServer(this::parts, turns, port))
            .toList();
    agents = servers;
    var iterator = servers.iterator();
    await(
        vertx.deployVerticle(iterator::next, new DeploymentOptions().setInstances(servers.size())),
        config.listen().host(),
        config.listen().port(),
        "listen.port");
    agentPort = servers.getFirst().port();
  }

  private OperatorServer operators(Port port) {
    UpstreamCheck upstream = new UpstreamCheck(() -> parts.server(), vitals, CLOCK.instants());
    HealthRoutes health =
        new HealthRoutes(
            List.of(new LoopsCheck(this::agentLoops, LOOP_LIMIT)),
            List.of(this::listening, upstream, new LedgerCheck(ledger)));
    return new OperatorServer(
        new AdminRoutes(ledger, CLOCK.instants(), rejected),
        new MetricsRoute(metrics, upstream),
        health,
        new Explaining(this::parts),
        port,
        () -> parts.config());
  }

  private List<Context> agentLoops() {
    return agents.stream().flatMap(agent -> agent.loop().stream()).toList();
  }

  private Check listening() {
    if (turns.stopping()) {
      return Check.down("listening", "Plimsoll is stopping.");
    }
    return agentPort == 0
        ? Check.down("listening", "The agents' port does not listen yet.")
        : Check.up("listening", "Agents are served at port " + agentPort + ".");
  }

  private static void await(Future<String> deployed, String host, int port, String key)
      throws StartFailure {
    try {
      deployed.toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new StartFailure(
          "cannot listen on "
              + host
              + ":"
              + port
              + " ("
              + cause.getMessage()
              + "). Is another Plimsoll running? Choose another port with --set "
              + key
              + "=N.");
    } catch (TimeoutException e) {
      throw new StartFailure("did not start within " + START_SECONDS + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartFailure("interrupted while starting");
    }
  }

  private Parts parts() {
    return parts;
  }

  /** The agents' port that is really bound. */
  public int agentPort() {
    return agentPort;
  }

  /** The operators' port that is really bound. */
  public int adminPort() {
    return adminPort;
  }

  /** The configuration in force. */
  Config config() {
    return parts.config();
  }

  /** Takes a new configuration for all requests that arrive from now on. */
  void reload(Config next) {
    List<String> restart = parts.config().restartKeysChangedTo(next);
    if (!restart.isEmpty()) {
      LOG.warn("{} changed: that takes a restart; the rest applies now", restart);
    }
    parts = remake(parts, next);
    LOG.info("configuration reloaded");
  }

  /** Lets the requests under way end, up to {@code listen.drain}, and stops. */
  void stop() {
    try {
      turns.drain(parts.config().listen().drain());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close();
  }

  @Override
  public void close() {
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("the event loops did not end in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ledger.close();
  }
}
