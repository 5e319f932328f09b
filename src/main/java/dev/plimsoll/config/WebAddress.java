package dev.plimsoll.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The base URL of a server: http or https, a host, maybe a port and a path. */
record WebAddress() implements ValueType<URI> {
  @Override
  public String accepted() {
    return "an http or https URL without user, query or fragment";
  }

  @Override
  public Read<URI> read(String text) {
    // A password in the URL must not be echoed, however broken the rest is.
    if (text.contains("@")) {
      return new Read.Bad<>("holds an @: user names and passwords cannot stand in it");
    }
    try {
      URI address = new URI(text);
      String flaw = flaw(address);
      return flaw == null ? new Read.Good<>(address) : ValueType.refuse(text, flaw);
    } catch (URISyntaxException e) {
      return ValueType.refuse(text, "is not a URL");
    }
  }

  @Override
  public String write(URI value) {
    return value.toString();
  }

  private static @Nullable String flaw(URI address) {
    String scheme = address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      return "does not begin with http:// or https://";
    }
    if (address.getHost() == null) {
      return "names no host (letters, digits, dots and hyphens)";
    }
    if (address.getPort() == 0 || address.getPort() > 65535) {
      return "has a port that does not exist";
    }
    boolean extra = address.getRawQuery() != null || address.getRawFragment() != null;
    return extra ? "has a query or a fragment" : null;
  }
}
