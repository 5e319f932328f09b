package dev.plimsoll.soak;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.plimsoll.testing.Header;
import dev.plimsoll.testing.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One agent: asks, reads or leaves, and keeps its connection as agents do. */
final class Client implements AutoCloseable {
  /** Longer than anything that the program may take here; more is a hang. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int SESSIONS = 40;
  private static final int PIECES_READ = 5;

  private final URI agents;
  private final boolean ollama;
  private @Nullable RawClient connection;

  Client(URI agents, boolean ollama) {
    this.agents = agents;
    this.ollama = ollama;
  }

  /** Plays a scene; an {@link AssertionError} when it gets what nobody should get. */
  Seen play(Scene scene) throws IOException {
    RawClient client = connection == null ? RawClient.connect(agents) : connection;
    connection = null;
    try {
      client.patience(PATIENCE);
      if (scene.leave() != Leave.WHEN_ANSWERED) {
        leave(client, scene);
        return Seen.LEFT;
      }
      RawClient.Response response = send(client, scene).response();
      Seen seen = Seen.in(response, scene, untouched(scene.errand()));
      if (response.complete() && response.head().header("connection").isEmpty()) {
        connection = client;
      }
      return seen;
    } finally {
      if (connection == null) {
        client.close();
      }
    }
  }

  private boolean untouched(Errand errand) {
    return errand == Errand.EMBEDDINGS || (errand == Errand.COMPLETION && !ollama);
  }

  private static RawClient send(RawClient client, Scene scene) throws IOException {
    Question question = scene.question();
    return client.send(question.method(), question.path(), question.body(), session(scene));
  }

  private static Header session(Scene scene) {
    return new Header("x-session-id", "soak-" + scene.number() % SESSIONS);
  }

  private static void leave(RawClient client, Scene scene) throws IOException {
    SplittableRandom random = new SplittableRandom(~scene.number());
    try {
      switch (scene.leave()) {
        case WHEN_ANSWERED -> throw new IllegalArgumentException("does not leave");
        case IN_THE_MIDDLE_OF_ITS_BODY -> client.sendRaw(half(scene.question()));
        case AT_ONCE -> send(client, scene);
        case AFTER_THE_HEAD -> send(client, scene).head();
        case IN_THE_MIDDLE_OF_THE_ANSWER -> {
          send(client, scene).head();
          for (int i = random.nextInt(PIECES_READ); i >= 0 && client.piece().isPresent(); i--) {
            // Only read.
          }
        }
      }
    } catch (EOFException | SocketException e) {
      // An answer that the server broke off, to a client that does not care any more.
    }
    if (random.nextBoolean()) {
      client.reset();
    }
  }

  /** The head of a request and half of the body that it announces. */
  private static byte[] half(Question question) {
    byte[] body = question.body().getBytes(UTF_8);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(
        ("POST " + question.path() + " HTTP/1.1\r\nHost: localhost\r\n").getBytes(UTF_8));
    bytes.writeBytes("Content-Type: application/json\r\n".getBytes(UTF_8));
    bytes.writeBytes(("Content-Length: " + body.length + "\r\n\r\n").getBytes(UTF_8));
    bytes.write(body, 0, body.length / 2);
    return bytes.toByteArray();
  }

  @Override
  public void close() throws IOException {
    if (connection != null) {
      connection.close();
    }
  }
}
