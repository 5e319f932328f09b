package dev.plimsoll.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The pages of a database by number, each in its last form: from the write-ahead log where it is
 * there, else from the file. Nothing of them is believed.
 *
 * @see <a href="https://www.sqlite.org/fileformat2.html#the_write_ahead_log">the file format</a>
 */
final class DatabasePages implements AutoCloseable {
  private static final int LOG_HEAD = 32;
  private static final int LOG_SALTS_AT = 16;
  private static final int FRAME_HEAD = 24;
  private static final int FRAME_SALTS_AT = 8;

  private final int size;
  private final FileChannel file;
  private final Optional<FileChannel> log;
  private final Map<Integer, Long> inLog = new HashMap<>();
  private int count;

  DatabasePages(Path path, int size) throws IOException {
    this.size = size;
    this.file = FileChannel.open(path, StandardOpenOption.READ);
    this.count = (int) Math.min(Integer.MAX_VALUE, file.size() / size);
    Path logPath = path.resolveSibling(path.getFileName() + "-wal");
    this.log =
        Files.exists(logPath)
            ? Optional.of(FileChannel.open(logPath, StandardOpenOption.READ))
            : Optional.empty();
    if (log.isPresent()) {
      index(log.get());
    }
  }

  /** A frame that has not the salts of the log's head was left by an earlier round. */
  private void index(FileChannel frames) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(LOG_HEAD);
    if (frames.read(head, 0) < LOG_HEAD) {
      return;
    }
    long salts = head.getLong(LOG_SALTS_AT);
    long frame = FRAME_HEAD + (long) size;
    ByteBuffer about = ByteBuffer.allocate(FRAME_HEAD);
    for (long at = LOG_HEAD; at + frame <= frames.size(); at += frame) {
      if (frames.read(about.clear(), at) == FRAME_HEAD && about.getLong(FRAME_SALTS_AT) == salts) {
        int number = about.getInt(0);
        if (number > 0) {
          inLog.put(number, at + FRAME_HEAD);
          count = Math.max(count, number);
        }
      }
    }
  }

  /** The highest number of a page. */
  int count() {
    return count;
  }

  /** The page of that number, counted from 1; empty when it is not there in full. */
  Optional<ByteBuffer> page(int number) throws IOException {
    if (number < 1) {
      return Optional.empty();
    }
    ByteBuffer page = ByteBuffer.allocate(size);
    Long at = inLog.get(number);
    FileChannel from = at == null ? file : log.orElse(file);
    long where = at == null ? (number - 1L) * size : at;
    int read = 0;
    while (page.hasRemaining() && read >= 0) {
      read = from.read(page, where + page.position());
    }
    return page.hasRemaining() ? Optional.empty() : Optional.of(page.flip());
  }

  @Override
  public void close() throws IOException {
    try (file) {
      if (log.isPresent()) {
        log.get().close();
      }
    }
  }
}
