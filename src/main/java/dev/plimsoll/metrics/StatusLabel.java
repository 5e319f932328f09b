package dev.plimsoll.metrics;

import java.util.Set;

/**
 * HTTP statuses as a label: those that Plimsoll gives and that upstreams are known to give; any
 * other number, which a server may make up, is {@code other}.
 */
final class StatusLabel {
  private static final Set<Integer> KNOWN =
      Set.of(
          100, 200, 201, 204, 206, 301, 302, 304, 307, 308, 400, 401, 402, 403, 404, 405, 406, 408,
          409, 410, 411, 413, 414, 415, 417, 418, 421, 422, 424, 425, 426, 429, 431, 499, 500, 501,
          502, 503, 504, 505, 507, 520, 522, 524, 529);

  private StatusLabel() {}

  static String of(int status) {
    return KNOWN.contains(status) ? Integer.toString(status) : "other";
  }
}
