package dev.plimsoll.it;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.plimsoll.cli.RunningPlimsoll;
import dev.plimsoll.testing.Answer;
import dev.plimsoll.testing.FakeOllama;
import dev.plimsoll.testing.Fault;
import dev.plimsoll.testing.RawClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Whoever breaks a connection off, agent or server, is no error in the log. */
class QuietLogIT {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  @BeforeEach
  void listen() {
    log.start();
    root().addAppender(log);
  }

  @AfterEach
  void stop() {
    root().detachAppender(log);
  }

  @ParameterizedTest
  @EnumSource(Behind.class)
  void resetsAreNoErrors(Behind behind) throws Exception {
    try (FakeOllama fake = behind.fake().start();
        RunningPlimsoll plimsoll = behind.plimsoll(fake, "recovery.backoff=1ms")) {
      try (RawClient idle = RawClient.connect(plimsoll.uri())) {
        idle.send("GET", "/health", "").response();
        idle.reset();
      }
      fake.enqueue(Answer.text("a", "b").endless().between(Duration.ofMillis(10)));
      try (RawClient reader = RawClient.connect(plimsoll.uri())) {
        reader.send("POST", Ask.CHAT, Ask.chat(true)).head();
        reader.reset();
      }
      behind.chat(fake, 0).awaitAbort(LIMIT);
      fake.enqueue(
          Answer.text("a", "b", "c").with(new Fault.CutAfter(100, Fault.How.RST)),
          Answer.text("a").with(new Fault.CutAfter(0, Fault.How.RST)),
          Answer.text("a").with(new Fault.CutAfter(0, Fault.How.RST)));
      for (int i = 0; i < 3; i++) {
        RawClient.post(plimsoll.uri(), Ask.CHAT, Ask.chat(true));
      }
    }
    assertThat(List.copyOf(log.list))
        .isNotEmpty()
        .noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.ERROR));
  }
}
