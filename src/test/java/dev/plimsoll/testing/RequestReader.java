package dev.plimsoll.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads HTTP/1.1 requests from a socket, one after the other, within limits. */
final class RequestReader {
  private static final int MAX_HEAD_BYTES = 64 * 1024;
  private static final int MAX_BODY_BYTES = 256 * 1024 * 1024;

  private final InputStream in;
  private final Runnable onExpectContinue;
  private final long connection;

  RequestReader(InputStream in, long connection, Runnable onExpectContinue) {
    this.in = new BufferedInputStream(in, 16 * 1024);
    this.connection = connection;
    this.onExpectContinue = onExpectContinue;
  }

  /** The next request, or nothing when the client closed the connection between two. */
  Optional<RecordedRequest> next() throws IOException {
    int budget = MAX_HEAD_BYTES;
    String line = line(budget);
    if (line == null) {
      return Optional.empty();
    }
    String[] start = line.split(" ", -1);
    if (start.length != 3) {
      throw new ProtocolException("request line: " + line);
    }
    List<Header> headers = new ArrayList<>();
    for (line = line(budget); line != null && !line.isEmpty(); line = line(budget)) {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new ProtocolException("header line: " + line);
      }
      headers.add(new Header(line.substring(0, colon), line.substring(colon + 1).strip()));
      budget -= line.length();
    }
    Body body = body(headers);
    return Optional.of(
        new RecordedRequest(start[0], start[1], headers, body, System.nanoTime(), connection));
  }

  private Body body(List<Header> headers) throws IOException {
    if (Header.first(headers, "Expect").isPresent()) {
      onExpectContinue.run();
    }
    if (Header.first(headers, "Transfer-Encoding")
        .filter("chunked"::equalsIgnoreCase)
        .isPresent()) {
      return chunked();
    }
    int length = Header.first(headers, "Content-Length").map(Integer::parseInt).orElse(0);
    return Body.of(exactly(length));
  }

  private Body chunked() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String head = line(MAX_HEAD_BYTES);
      if (head == null) {
        throw new ProtocolException("body without end");
      }
      int length = Integer.parseInt(head.split(";", 2)[0].strip(), 16);
      if (length == 0) {
        skipTrailers();
        return Body.of(body.toByteArray());
      }
      body.writeBytes(exactly(length));
      if (body.size() > MAX_BODY_BYTES) {
        throw new ProtocolException("body too large");
      }
      skipTrailers();
    }
  }

  /** Reads up to an empty line; after a chunk that is the very next. */
  private void skipTrailers() throws IOException {
    String line = line(MAX_HEAD_BYTES);
    while (line != null && !line.isEmpty()) {
      line = line(MAX_HEAD_BYTES);
    }
  }

  private byte[] exactly(int length) throws IOException {
    if (length < 0 || length > MAX_BODY_BYTES) {
      throw new ProtocolException("body of " + length + " bytes");
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new ProtocolException("body cut at " + bytes.length + " of " + length);
    }
    return bytes;
  }

  private @Nullable String line(int limit) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = in.read();
    if (next < 0) {
      return null;
    }
    while (next >= 0 && next != '\n') {
      line.write(next);
      if (line.size() > limit) {
        throw new ProtocolException("head too large");
      }
      next = in.read();
    }
    String text = line.toString(ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }
}
