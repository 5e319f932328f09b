package dev.plimsoll.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 client on a plain socket, which shows every piece as it arrives and can leave at
 * will.
 *
 * <p>Nothing is read before it is asked for: a test that does not read holds the server up. Every
 * read ends with a {@link java.net.SocketTimeoutException} after the limit.
 */
public final class RawClient implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** Status line and headers of a response. */
  public record Head(int status, String reason, List<Header> headers) {
    public Head {
      headers = List.copyOf(headers);
    }

    public Optional<String> header(String name) {
      return Header.first(headers, name);
    }
  }

  /** Body bytes that arrived together: an HTTP chunk, or what one read gave. */
  public record Piece(Body body, long arrivalNanos) {}

  /** A whole response; {@code complete} is false when the body broke off. */
  public record Response(Head head, Body body, List<Piece> pieces, boolean complete) {
    public Response {
      pieces = List.copyOf(pieces);
    }

    public int status() {
      return head.status();
    }

    public String text() {
      return body.text();
    }
  }

  private final Socket socket;
  private final InputStream in;
  private @Nullable Head head;
  private long left = -1;
  private boolean chunked;
  private boolean ended;

  private RawClient(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), 8192);
  }

  public static RawClient connect(URI uri) throws IOException {
    return connect(uri.getPort(), 0);
  }

  /** With a small receive buffer a client that does not read holds the server up sooner. */
  public static RawClient connect(int port, int receiveBuffer) throws IOException {
    Socket socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) LIMIT.toMillis());
    socket.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) LIMIT.toMillis());
    return new RawClient(socket);
  }

  /** Waits that long for each next byte. */
  public RawClient patience(Duration limit) throws IOException {
    socket.setSoTimeout((int) limit.toMillis());
    return this;
  }

  /** One request on a connection of its own, read to its end. */
  public static Response get(URI uri, String path) throws IOException {
    try (RawClient client = connect(uri)) {
      return client.send("GET", path, "").response();
    }
  }

  /** One JSON request on a connection of its own, read to its end. */
  public static Response post(URI uri, String path, String json) throws IOException {
    try (RawClient client = connect(uri)) {
      return client.send("POST", path, json).response();
    }
  }

  /** Sends a request; an empty body is no body. */
  public RawClient send(String method, String path, String body, Header... headers)
      throws IOException {
    StringBuilder text = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
    text.append("Host: 127.0.0.1:").append(socket.getPort()).append("\r\n");
    for (Header header : headers) {
      text.append(header.name()).append(": ").append(header.value()).append("\r\n");
    }
    byte[] bytes = body.getBytes(UTF_8);
    if (bytes.length > 0) {
      text.append("Content-Type: application/json\r\n");
      text.append("Content-Length: ").append(bytes.length).append("\r\n");
    }
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(text.append("\r\n").toString().getBytes(ISO_8859_1));
    request.writeBytes(bytes);
    return sendRaw(request.toByteArray());
  }

  /** Sends bytes as they are. */
  public RawClient sendRaw(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** Reads status line and headers; an {@link EOFException} when there are none. */
  public Head head() throws IOException {
    String[] status = line().split(" ", 3);
    List<Header> headers = new ArrayList<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.add(new Header(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
    Head read = new Head(Integer.parseInt(status[1]), status.length > 2 ? status[2] : "", headers);
    if (read.status() == 100) {
      return head();
    }
    chunked = read.header("Transfer-Encoding").filter("chunked"::equalsIgnoreCase).isPresent();
    left = read.header("Content-Length").map(Long::parseLong).orElse(-1L);
    ended = (left == 0 && !chunked) || read.status() == 204;
    head = read;
    return read;
  }

  /** The next piece of the body, nothing at its proper end; an exception when it breaks off. */
  public Optional<Piece> piece() throws IOException {
    if (ended) {
      return Optional.empty();
    }
    Optional<byte[]> bytes = chunked ? chunk() : part();
    ended = bytes.isEmpty();
    return bytes.map(read -> new Piece(Body.of(read), System.nanoTime()));
  }

  private Optional<byte[]> chunk() throws IOException {
    int length = Integer.parseInt(line().split(";", 2)[0].strip(), 16);
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("chunk cut at " + bytes.length + " of " + length);
    }
    line();
    return length == 0 ? Optional.empty() : Optional.of(bytes);
  }

  private Optional<byte[]> part() throws IOException {
    if (left == 0) {
      return Optional.empty();
    }
    byte[] bytes = new byte[(int) (left < 0 ? 8192 : Math.min(8192, left))];
    int read = in.read(bytes);
    if (read < 0) {
      if (left < 0) {
        return Optional.empty();
      }
      throw new EOFException(left + " bytes are missing");
    }
    left -= left < 0 ? 0 : read;
    return Optional.of(Arrays.copyOf(bytes, read));
  }

  /** Reads head, if that is still to come, and body; a body that breaks off is kept so far. */
  public Response response() throws IOException {
    Head first = head == null ? head() : head;
    List<Piece> pieces = new ArrayList<>();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean complete = true;
    try {
      for (Optional<Piece> piece = piece(); piece.isPresent(); piece = piece()) {
        pieces.add(piece.get());
        body.writeBytes(piece.get().body().bytes());
      }
    } catch (EOFException | SocketException e) {
      complete = false;
    }
    head = null;
    return new Response(first, Body.of(body.toByteArray()), pieces, complete);
  }

  /** All that comes until the other side closes, be it in order or by a reset. */
  public String rest() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      for (int next = in.read(); next >= 0; next = in.read()) {
        all.write(next);
      }
    } catch (SocketException e) {
      // What came before the reset counts.
    }
    return all.toString(UTF_8);
  }

  /** The next line as it came, without its end. */
  public String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("closed after: " + line.toString(ISO_8859_1));
      }
      line.write(next);
    }
    String text = line.toString(ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  /** Leaves with a reset. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Leaves in order. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
