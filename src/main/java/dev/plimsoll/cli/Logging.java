package dev.plimsoll.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.plimsoll.config.Log;
import dev.plimsoll.config.Secrets;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * Sets level and format of the log.
 *
 * <p>The log goes to standard error, as with nginx, Caddy and Ollama; standard output is for
 * results and for the banner.
 */
final class Logging {
  static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}: %msg %kvp%n";

  private Logging() {}

  /** Takes a configuration's wishes; its secrets stand in no line from now on. */
  static void apply(Log log, Secrets secrets) {
    // Another SLF4J backend on the class path has its own configuration.
    if (factory() instanceof LoggerContext context) {
      Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
      root.setLevel(Level.toLevel(log.level().name()));
      if (root.getAppender("STDERR") instanceof ConsoleAppender<ILoggingEvent> appender) {
        appender.setEncoder(started(log.format(), secrets, context));
      }
    }
  }

  private static ILoggerFactory factory() {
    return LoggerFactory.getILoggerFactory();
  }

  private static Encoder<ILoggingEvent> started(
      Log.Format format, Secrets secrets, LoggerContext context) {
    Encoder<ILoggingEvent> lines =
        switch (format) {
          case TEXT -> text();
          case JSON -> json();
        };
    Encoder<ILoggingEvent> encoder = new DiscreetEncoder(lines, secrets);
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }

  private static Encoder<ILoggingEvent> text() {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setPattern(PATTERN);
    return encoder;
  }

  private static Encoder<ILoggingEvent> json() {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setWithFormattedMessage(true);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    encoder.setWithContext(false);
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    return encoder;
  }
}
