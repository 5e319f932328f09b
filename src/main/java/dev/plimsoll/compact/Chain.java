package dev.plimsoll.compact;

import dev.plimsoll.chat.Message;
import dev.plimsoll.json.Span;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The keys of a conversation's beginnings: each is a hash of the one before and of the next
 * message's bytes.
 *
 * <p>They only say where a known conversation goes on. Two requests that write the same content
 * differently have different keys and still get the same plan. SHA-256, since nobody may find a
 * conversation that is taken for somebody else's. Leading system messages are left out: what they
 * cost is in the terms.
 */
final class Chain {
  /** Changes with every change of the algorithm that makes other plans. */
  private static final String VERSION = "fold 1";

  /** The hash of a conversation's beginning, as far as it is kept. */
  record Key(long high, long low) {}

  private final Key[] keys;

  private Chain(Key[] keys) {
    this.keys = keys;
  }

  static Chain of(Transcript transcript, Terms terms, String counting) {
    MessageDigest sha = sha256();
    byte[] link =
        sha.digest(
            (VERSION + "\n" + terms.id() + "\n" + counting).getBytes(StandardCharsets.UTF_8));
    Key[] keys = new Key[transcript.size() + 1];
    keys[0] = key(link);
    byte[] bytes = transcript.request().bytes();
    for (int i = 0; i < transcript.size(); i++) {
      Message message = transcript.message(i);
      Span span = message.span();
      sha.update(link);
      sha.update(bytes, span.start(), span.length());
      link = sha.digest();
      keys[i + 1] = key(link);
    }
    return new Chain(keys);
  }

  /** The key of the first {@code count} messages. */
  Key at(int count) {
    return keys[count];
  }

  private static Key key(byte[] hash) {
    ByteBuffer buffer = ByteBuffer.wrap(hash);
    return new Key(buffer.getLong(), buffer.getLong());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
