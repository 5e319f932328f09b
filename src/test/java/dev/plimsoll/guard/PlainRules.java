package dev.plimsoll.guard;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a request that got in must be, said a second time with the means of the JDK. */
final class PlainRules {
  static final String KEY = "sk-right";
  static final String LISTED_HOST = "box.example";
  static final String LISTED_ORIGIN = "https://page.example";

  private static final List<String> ONCE =
      List.of("host", "origin", "content-type", "authorization", "content-length", "expect");

  private PlainRules() {}

  static void assertAllowed(PlainHttp.Request request) {
    assertThat(request.method()).isNotIn("CONNECT", "TRACE");
    for (String name : ONCE) {
      assertThat(request.fields().stream().filter(field -> field.startsWith(name + ": ")))
          .hasSizeLessThanOrEqualTo(1);
    }
    assertPathHasOneMeaning(request.target());
    String host = request.field("host").orElseThrow();
    assertThat(isOurs(host)).as("host %s", host).isTrue();
    Optional<String> origin = request.field("origin");
    origin.ifPresent(page -> assertThat(isAllowedPage(page, host)).as("origin %s", page).isTrue());
    boolean preflight =
        request.method().equals("OPTIONS")
            && origin.isPresent()
            && request.fields().stream()
                .anyMatch(field -> field.startsWith("access-control-request-method: "));
    if (!preflight) {
      assertHasKey(request);
    }
    if (request.method().equals("POST")) {
      assertThat(request.field("content-type").orElseThrow().toLowerCase(Locale.ROOT))
          .startsWith("application/json");
    }
    if (List.of("GET", "HEAD").contains(request.method())) {
      assertThat(request.body()).isEmpty();
    }
  }

  /** The same path before and after decoding once more, and none that climbs. */
  private static void assertPathHasOneMeaning(String target) {
    String path = target.split("\\?", 2)[0];
    assertThat(path).startsWith("/").matches("[!-~]+");
    String decoded = URLDecoder.decode(path.replace("+", "%2B"), ISO_8859_1);
    assertThat(URLDecoder.decode(decoded.replace("+", "%2B"), ISO_8859_1)).isEqualTo(decoded);
    assertThat(decoded.split("/", -1)).doesNotContain(".", "..");
    assertThat(decoded).doesNotContain("//", "\\", ";", "#");
    // Nothing that a route's name is made of is hidden.
    assertThat(decoded.replaceAll("[^A-Za-z0-9/._-]", ""))
        .isEqualTo(path.replaceAll("%..", "").replaceAll("[^A-Za-z0-9/._-]", ""));
  }

  private static boolean isOurs(String host) {
    try {
      String name = new URI("http://" + host + "/").getHost();
      if (name == null) {
        // Underscores are no part of names for Java, and of none that is ours.
        return false;
      }
      String plain = name.toLowerCase(Locale.ROOT);
      return List.of("localhost", "127.0.0.1", LISTED_HOST).contains(plain) || isPrivate(plain);
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static boolean isPrivate(String host) {
    InetAddress address;
    try {
      address = InetAddress.ofLiteral(host);
    } catch (IllegalArgumentException e) {
      return false;
    }
    byte[] bytes = address.getAddress();
    boolean uniqueLocal = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
    boolean shared = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
    boolean siteLocal = bytes.length == 4 && address.isSiteLocalAddress();
    return address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || siteLocal
        || uniqueLocal
        || shared;
  }

  private static boolean isAllowedPage(String page, String host) {
    return page.equalsIgnoreCase(LISTED_ORIGIN)
        || page.equalsIgnoreCase("http://" + host)
        || page.equalsIgnoreCase("https://" + host);
  }

  private static void assertHasKey(PlainHttp.Request request) {
    String path = request.target().split("\\?", 2)[0];
    if (!List.of("/", "/health").contains(path)) {
      String sent = request.field("authorization").orElseThrow();
      assertThat(sent.toLowerCase(Locale.ROOT)).startsWith("bearer ");
      assertThat(sent.substring(7).strip()).isEqualTo(KEY);
    }
  }
}
