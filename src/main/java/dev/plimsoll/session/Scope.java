package dev.plimsoll.session;

import org.jspecify.annotations.Nullable;

/**
 * Whose sessions these are: a hash of the API key, so that two keys never share a session and the
 * key itself is kept nowhere.
 *
 * @param hash hex of SHA-256 of the bearer as sent, or empty without one
 */
record Scope(String hash) {
  private static final String BEARER = "Bearer ";

  static Scope of(Headers headers) {
    @Nullable String sent = headers.get("authorization");
    if (sent == null || sent.isBlank()) {
      return new Scope("");
    }
    String key =
        sent.regionMatches(true, 0, BEARER, 0, BEARER.length())
            ? sent.substring(BEARER.length()).strip()
            : sent.strip();
    return new Scope(key.isEmpty() ? "" : new Digest().add(key).hex());
  }

  /** The session that this value names within the scope. */
  SessionId id(Source source, String value) {
    String hex = new Digest().add(hash).add(source.label()).add(value).hex();
    String clientId = source != Source.PREFIX && ClientId.showable(value) ? value : null;
    return new SessionId("s_" + hex.substring(0, 16), source, clientId);
  }
}
