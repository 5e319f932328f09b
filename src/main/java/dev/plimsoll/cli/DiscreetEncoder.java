package dev.plimsoll.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.plimsoll.config.Secrets;
import java.util.regex.Pattern;

/**
 * Writes lines of the log so that they tell no secret and cannot be forged.
 *
 * <p>It looks at what is about to be written, wherever that comes from, a library's own words and
 * stack traces included: configured keys are blanked by their value, and so is what follows the
 * word "bearer" and what follows the question mark of a URL, where clients put keys that Plimsoll
 * does not know. Control characters become question marks: a model's name with a line end in it
 * must not make a second line, nor turn a terminal's colours.
 */
final class DiscreetEncoder extends EncoderBase<ILoggingEvent> {
  private static final Pattern BEARER =
      Pattern.compile("(bearer\\s+)[^\\s\"]+", Pattern.CASE_INSENSITIVE);
  private static final Pattern QUERY = Pattern.compile("([^\\s\"?]\\?)[^\\s\"]+");
  private static final String BLANK = "$1***";

  private final Encoder<ILoggingEvent> lines;
  private final Secrets secrets;

  DiscreetEncoder(Encoder<ILoggingEvent> lines, Secrets secrets) {
    this.lines = lines;
    this.secrets = secrets;
  }

  @Override
  public void start() {
    lines.setContext(getContext());
    lines.start();
    super.start();
  }

  @Override
  public void stop() {
    super.stop();
    lines.stop();
  }

  @Override
  public byte[] headerBytes() {
    return lines.headerBytes();
  }

  @Override
  public byte[] footerBytes() {
    return lines.footerBytes();
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    String line = new String(lines.encode(event), UTF_8);
    boolean manyLines = event.getThrowableProxy() != null;
    return inert(discreet(line), manyLines).getBytes(UTF_8);
  }

  private String discreet(String line) {
    String told = secrets.blank(line);
    if (BEARER.matcher(told).find()) {
      told = BEARER.matcher(told).replaceAll(BLANK);
    }
    return told.indexOf('?') < 0 ? told : QUERY.matcher(told).replaceAll(BLANK);
  }

  /** A stack trace has its own line ends and tabs; any other line has one end. */
  private static String inert(String line, boolean manyLines) {
    StringBuilder mended = null;
    int end = line.length();
    while (end > 0 && (line.charAt(end - 1) == '\n' || line.charAt(end - 1) == '\r')) {
      end--;
    }
    for (int i = 0; i < end; i++) {
      char c = line.charAt(i);
      boolean layout = manyLines && (c == '\n' || c == '\r' || c == '\t');
      if (!layout && isControl(c)) {
        mended = mended == null ? new StringBuilder(line) : mended;
        mended.setCharAt(i, '?');
      }
    }
    return mended == null ? line : mended.toString();
  }

  /** Also what changes the direction of text, or ends a line in Unicode only. */
  private static boolean isControl(char c) {
    if (c < 0x7f) {
      return c < 0x20;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
