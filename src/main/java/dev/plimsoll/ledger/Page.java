package dev.plimsoll.ledger;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a longer list.
 *
 * @param rows newest first
 * @param next where the list goes on, null at its end
 * @param <T> the kind of row
 */
public record Page<T>(List<T> rows, @Nullable Cursor next) {
  /** Copies the list. */
  public Page {
    rows = List.copyOf(rows);
  }
}
