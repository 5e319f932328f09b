package dev.plimsoll.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A response of a real server, as {@code curl -i} printed it; a fake serves it as it was.
 *
 * <p>The recorded exchanges are not part of the repository. {@link #find} is empty where they are
 * absent, and a test that wants one is skipped.
 *
 * @param headers in the order of the server
 * @param body without chunk framing
 * @param end how the body ended
 */
public record Recording(int status, String reason, List<Header> headers, Body body, End end)
    implements Reply {
  /** Where the recorded exchanges are when nothing else is said: beside the project. */
  private static final Path BESIDE = Path.of("../shared");

  /** How a recorded body ended. */
  public enum End {
    WHOLE,
    /** The server closed the connection before the end. */
    CUT_BY_SERVER,
    /** The client had enough. */
    CUT_BY_CLIENT,
    /** Something was left out when the recording was kept; not good to replay. */
    TRIMMED
  }

  public Recording {
    headers = List.copyOf(headers);
  }

  /** A recording by server and name without ending, as in ("gen-b", "chat-hello-stream"). */
  public static Optional<Recording> find(String folder, String name) {
    return fixture("ollama/" + folder + "/" + name + ".http").map(Recording::read);
  }

  /** The recorded body of the request that led to that recording. */
  public static Optional<Body> request(String name) {
    return fixture("ollama/requests/" + name + ".json").map(Recording::bytes).map(Body::of);
  }

  private static Optional<Path> fixture(String path) {
    String folder = System.getProperty("plimsoll.shared");
    Path root = folder == null ? BESIDE : Path.of(folder);
    return Optional.of(root.resolve("fixtures").resolve(path)).filter(Files::isRegularFile);
  }

  /** Reads a file of that form. */
  public static Recording read(Path file) {
    return parse(bytes(file));
  }

  static Recording parse(byte[] bytes) {
    // Latin 1 keeps one character a byte, so that offsets hold.
    String text = new String(bytes, ISO_8859_1);
    boolean crlf = text.startsWith("\r\n", Math.max(0, text.indexOf('\n') - 1));
    String gap = crlf ? "\r\n\r\n" : "\n\n";
    int headEnd = text.indexOf(gap);
    if (!text.startsWith("HTTP/1.1 ") || headEnd < 0) {
      throw new IllegalArgumentException("not a recorded response");
    }
    List<String> head = text.substring(0, headEnd).lines().toList();
    String[] status = head.getFirst().split(" ", 3);
    List<Header> headers = new ArrayList<>();
    for (String line : head.subList(1, head.size())) {
      int colon = line.indexOf(':');
      headers.add(new Header(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
    return withBody(
        Integer.parseInt(status[1]),
        status.length > 2 ? status[2] : "",
        headers,
        bytes,
        headEnd + gap.length());
  }

  /** Takes the remark off the end, and the line feed that was put before it. */
  private static Recording withBody(
      int status, String reason, List<Header> headers, byte[] bytes, int from) {
    String text = new String(bytes, ISO_8859_1);
    int remark = text.lastIndexOf("\n<<");
    boolean marked = remark >= from && text.endsWith(">>\n");
    int to = marked ? remark : bytes.length;
    End end = marked ? end(text.substring(remark)) : End.WHOLE;
    Body body = Body.of(Arrays.copyOfRange(bytes, from, to));
    return new Recording(status, reason, headers, body, end);
  }

  private static End end(String remark) {
    if (remark.contains("closed by server")) {
      return End.CUT_BY_SERVER;
    }
    return remark.contains("closed by the client") ? End.CUT_BY_CLIENT : End.TRIMMED;
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
