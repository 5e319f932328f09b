package dev.plimsoll.ledger;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects one page from a walk over rows whose positions fall.
 *
 * @param <T> the kind of row
 */
final class Pager<T> {
  private final int limit;
  private final long before;
  private final List<T> rows = new ArrayList<>();
  private long last;
  private boolean more;

  Pager(int limit, @Nullable Cursor after) {
    this.limit = limit;
    this.before = after == null ? Long.MAX_VALUE : after.position();
  }

  /** Whether a row at that position was not on an earlier page. */
  boolean isBehind(long position) {
    return position < before;
  }

  /** Takes a row; false when the page was full before, so that the list goes on with this row. */
  boolean take(T row, long position) {
    if (rows.size() == limit) {
      more = true;
      return false;
    }
    rows.add(row);
    last = position;
    return true;
  }

  Page<T> page() {
    return new Page<>(rows, more ? new Cursor(last) : null);
  }
}
