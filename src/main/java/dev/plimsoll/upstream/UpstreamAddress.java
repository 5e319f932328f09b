package dev.plimsoll.upstream;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;

/**
 * Where the model server is.
 *
 * @param host name or address
 * @param port TCP port
 * @param tls whether to speak TLS
 * @param root path in front of {@code /v1} and {@code /api}, without a slash at its end
 */
record UpstreamAddress(String host, int port, boolean tls, String root) {
  /** The address in a configured URL, which may or may not end in {@code /v1}. */
  static UpstreamAddress of(URI url) {
    boolean tls = "https".equalsIgnoreCase(url.getScheme());
    int port = url.getPort() >= 0 ? url.getPort() : (tls ? 443 : 80);
    String path = url.getRawPath() == null ? "" : url.getRawPath().replaceAll("/+$", "");
    String root = path.endsWith("/v1") ? path.substring(0, path.length() - 3) : path;
    return new UpstreamAddress(url.getHost(), port, tls, root.replaceAll("/+$", ""));
  }

  /** The request target of one of the server's routes. */
  String path(String route) {
    return root + route;
  }

  /** Options of a POST with a JSON body. */
  RequestOptions post(String route) {
    return new RequestOptions()
        .setMethod(HttpMethod.POST)
        .setHost(host)
        .setPort(port)
        .setSsl(tls)
        .setURI(path(route))
        .putHeader("content-type", "application/json");
  }
}
