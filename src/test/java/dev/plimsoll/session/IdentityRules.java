package dev.plimsoll.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.plimsoll.testing.StrictJson.Kind;
import dev.plimsoll.testing.StrictJson.Value;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who names a session and how its id is made, written down a second time. */
record IdentityRules(Map<String, String> headers, Value root) {
  private static final List<String> HEADERS =
      List.of(
          "x-session-id",
          "x-session-affinity",
          "session-id",
          "session_id",
          "thread-id",
          "x-claude-code-session-id",
          "x-opencode-session",
          "x-affinity");

  /** A client's own name for its session. */
  record Named(Source source, String value) {}

  @Nullable Named named() {
    for (String header : HEADERS) {
      String value = present(headers.get(header));
      if (value != null) {
        return new Named(Source.HEADER, value);
      }
    }
    Optional<Value> metadata = first(root, "metadata");
    return string(first(root, "prompt_cache_key"))
        .or(() -> string(metadata.flatMap(found -> first(found, "session_id"))))
        .or(() -> afterMark(string(metadata.flatMap(found -> first(found, "user_id")))))
        .or(() -> string(first(root, "user")))
        .map(value -> new Named(Source.BODY, value))
        .orElse(null);
  }

  String id(Named named) {
    String hex = hash(scope(), named.source().label(), named.value());
    return "s_" + hex.substring(0, 16);
  }

  /** The name as it may be shown. */
  @Nullable String shown(Named named) {
    int[] characters = named.value().codePoints().toArray();
    boolean plain =
        characters.length <= 128
            && named.value().matches("[^\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Cn}\\p{Zl}\\p{Zp}]*");
    return plain ? named.value() : null;
  }

  private String scope() {
    String sent = headers.get("authorization");
    String key = sent == null ? "" : sent.replaceFirst("(?i)^Bearer ", "").strip();
    return sent == null || sent.isBlank() || key.isEmpty() ? "" : hash(key);
  }

  static @Nullable String present(@Nullable String value) {
    return value == null || value.isBlank() ? null : value.strip();
  }

  private static Optional<Value> first(Value object, String name) {
    return object.all(name).stream().findFirst();
  }

  private static Optional<String> string(Optional<Value> value) {
    return value
        .filter(found -> found.kind() == Kind.STRING)
        .flatMap(found -> Optional.ofNullable(present(found.text())));
  }

  private static Optional<String> afterMark(Optional<String> user) {
    return user.map(name -> name.split("_session_", -1))
        .filter(parts -> parts.length > 1)
        .flatMap(parts -> Optional.ofNullable(present(parts[parts.length - 1])));
  }

  private static String hash(String... texts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String text : texts) {
      byte[] part = text.getBytes(UTF_8);
      bytes.writeBytes(ByteBuffer.allocate(4).putInt(part.length).array());
      bytes.writeBytes(part);
    }
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
