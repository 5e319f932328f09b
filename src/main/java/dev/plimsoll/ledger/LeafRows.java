package dev.plimsoll.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes rows out of a database's leaf pages, without the trees that lead to them: when a page
 * further up is damaged, these are still there.
 *
 * <p>What does not look like a row in every respect is left out. Pages that were freed hold rows
 * that were deleted or moved, so what the trees give comes first.
 *
 * @see <a href="https://www.sqlite.org/fileformat2.html#b_tree_pages">the file format</a>
 */
final class LeafRows {
  private static final int INDEX_LEAF = 10;
  private static final int TABLE_LEAF = 13;
  private static final int FILE_HEAD = 100;
  private static final int PAGE_HEAD = 8;
  private static final int MAX_PAYLOAD = 64 * 1024;

  private final DatabasePages pages;
  private final int size;

  LeafRows(DatabasePages pages, int size) {
    this.pages = pages;
    this.size = size;
  }

  /** Takes the values of one row; of a table with numbered rows the first is the number. */
  @FunctionalInterface
  interface Taker<X extends Exception> {
    void row(List<@Nullable Object> values) throws X;
  }

  /** Gives every row of every leaf. */
  <X extends Exception> void each(Taker<X> taker) throws IOException, X {
    for (int number = 1; number <= pages.count(); number++) {
      Optional<ByteBuffer> page = pages.page(number);
      if (page.isPresent()) {
        eachOf(page.get(), number == 1 ? FILE_HEAD : 0, taker);
      }
    }
  }

  private <X extends Exception> void eachOf(ByteBuffer page, int head, Taker<X> taker)
      throws IOException, X {
    int kind = page.get(head);
    if (kind != TABLE_LEAF && kind != INDEX_LEAF) {
      return;
    }
    int cells = page.getShort(head + 3) & 0xffff;
    for (int i = 0; i < cells; i++) {
      int pointer = head + PAGE_HEAD + 2 * i;
      if (pointer + 2 > size) {
        return;
      }
      Optional<List<@Nullable Object>> row = row(page, page.getShort(pointer) & 0xffff, kind);
      if (row.isPresent()) {
        taker.row(row.get());
      }
    }
  }

  private Optional<List<@Nullable Object>> row(ByteBuffer page, int at, int kind)
      throws IOException {
    try {
      ByteBuffer cell = page.duplicate().position(at);
      long length = varint(cell);
      if (length < 2 || length > MAX_PAYLOAD) {
        return Optional.empty();
      }
      boolean numbered = kind == TABLE_LEAF;
      long number = numbered ? varint(cell) : 0;
      Optional<ByteBuffer> payload = payload(cell, (int) length, numbered);
      if (payload.isEmpty()) {
        return Optional.empty();
      }
      List<@Nullable Object> values = values(payload.get());
      if (numbered) {
        values.set(0, number); // stored as null, since it is the row's number
      }
      return Optional.of(values);
    } catch (RuntimeException e) { // a place outside of the page: no row
      return Optional.empty();
    }
  }

  /** The part in this page, and what does not fit from a chain of further pages. */
  private Optional<ByteBuffer> payload(ByteBuffer cell, int length, boolean numbered)
      throws IOException {
    int most = numbered ? size - 35 : (size - 12) * 64 / 255 - 23;
    if (length <= most) {
      return Optional.of(cell.slice(cell.position(), length));
    }
    int least = (size - 12) * 32 / 255 - 23;
    int here = least + (length - least) % (size - 4);
    here = here <= most ? here : least;
    ByteBuffer whole = ByteBuffer.allocate(length);
    whole.put(cell.slice(cell.position(), here));
    int next = cell.getInt(cell.position() + here);
    while (whole.hasRemaining()) {
      Optional<ByteBuffer> further = pages.page(next);
      if (further.isEmpty()) {
        return Optional.empty();
      }
      next = further.get().getInt(0);
      whole.put(further.get().slice(4, Math.min(size - 4, whole.remaining())));
    }
    return Optional.of(whole.flip());
  }

  private static List<@Nullable Object> values(ByteBuffer payload) {
    int start = payload.position();
    int head = (int) varint(payload);
    List<Long> types = new ArrayList<>();
    while (payload.position() - start < head) {
      types.add(varint(payload));
    }
    List<@Nullable Object> values = new ArrayList<>();
    for (long type : types) {
      values.add(value(payload, type));
    }
    if (values.isEmpty() || payload.hasRemaining()) {
      throw new IllegalArgumentException("no row");
    }
    return values;
  }

  private static @Nullable Object value(ByteBuffer from, long type) {
    if (type >= 13 && type % 2 == 1) {
      byte[] text = new byte[Math.toIntExact((type - 13) / 2)];
      from.get(text);
      return new String(text, StandardCharsets.UTF_8);
    }
    return switch ((int) type) {
      case 0 -> null;
      case 1 -> (long) from.get();
      case 2 -> (long) from.getShort();
      case 3 -> ((long) from.get() << 16) | (from.getShort() & 0xffffL);
      case 4 -> (long) from.getInt();
      case 5 -> ((long) from.getShort() << 32) | (from.getInt() & 0xffffffffL);
      case 6 -> from.getLong();
      case 8 -> 0L;
      case 9 -> 1L;
      default -> throw new IllegalArgumentException("a ledger holds no such value");
    };
  }

  /** Seven bits a byte, the highest first; a ninth byte counts whole. */
  private static long varint(ByteBuffer from) {
    long value = 0;
    for (int i = 0; i < 8; i++) {
      byte next = from.get();
      value = (value << 7) | (next & 0x7f);
      if (next >= 0) {
        return value;
      }
    }
    return (value << 8) | (from.get() & 0xff);
  }
}
