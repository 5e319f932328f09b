package dev.plimsoll.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * One request as it arrived.
 *
 * @param target path and query as sent
 * @param headers in wire order
 * @param body without transfer framing
 * @param arrivalNanos {@link System#nanoTime} when its last byte was read
 * @param connection number of the connection, counted from 1
 */
public record RecordedRequest(
    String method,
    String target,
    List<Header> headers,
    Body body,
    long arrivalNanos,
    long connection) {
  public RecordedRequest {
    headers = List.copyOf(headers);
  }

  /** The target without its query. */
  public String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  public Optional<String> header(String name) {
    return Header.first(headers, name);
  }

  public JsonNode json() {
    return body.json();
  }
}
