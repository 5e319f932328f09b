package dev.plimsoll.guard;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A set of keys, kept as hashes.
 *
 * <p>What a caller sends is hashed and compared with every one of them, always with all of them and
 * in constant time: how long an answer takes tells nothing about a key.
 */
final class BearerKeys {
  private static final String SCHEME = "Bearer ";

  private final List<byte[]> hashes;

  BearerKeys(Collection<String> keys) {
    hashes = keys.stream().map(BearerKeys::hash).toList();
  }

  /** Whether there is no key at all. */
  boolean isEmpty() {
    return hashes.isEmpty();
  }

  /** Whether the value of an Authorization header is a bearer of one of the keys. */
  boolean holds(@Nullable String authorization) {
    byte[] sent = hash(bearer(authorization));
    boolean held = false;
    for (byte[] hash : hashes) {
      held |= MessageDigest.isEqual(hash, sent);
    }
    return held;
  }

  /** No key is empty, so that a missing one takes the same way as a wrong one. */
  private static String bearer(@Nullable String authorization) {
    return authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? authorization.substring(SCHEME.length()).strip()
        : "";
  }

  private static byte[] hash(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
