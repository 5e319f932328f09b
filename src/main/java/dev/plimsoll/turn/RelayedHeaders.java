package dev.plimsoll.turn;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerResponse;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Decides which headers of a relayed answer reach the client. */
public final class RelayedHeaders {
  private static final Set<String> DROPPED =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "set-cookie",
          "server",
          "x-request-id",
          "date");

  private RelayedHeaders() {}

  /** Copies those that do. */
  public static void copy(MultiMap from, HttpServerResponse to) {
    String nominated = String.join(",", from.getAll("connection")).toLowerCase(Locale.ROOT);
    Set<String> hop = new HashSet<>(Arrays.asList(nominated.split("[,\\s]+", -1)));
    boolean sized = false;
    for (Map.Entry<String, String> header : from) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (!DROPPED.contains(name) && !hop.contains(name) && !name.startsWith("access-control-")) {
        to.putHeader(header.getKey(), header.getValue());
        sized |= name.equals("content-length");
      }
    }
    if (!sized) {
      to.setChunked(true);
    }
  }
}
