package dev.plimsoll.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Holds a ledger's file for one process: the system's lock on a file beside it, which ends with the
 * process however that ends.
 */
final class DataLock implements AutoCloseable {
  private static final int MAX_PID = 32;
  private final FileChannel channel;

  private DataLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Takes the lock, making the folder where it is missing. */
  static DataLock take(Path ledger) throws IOException, LedgerRefused {
    Path beside = ledger.resolveSibling(ledger.getFileName() + ".lock").toAbsolutePath();
    OwnerOnly.folder(beside.resolveSibling("").normalize());
    OwnerOnly.file(beside);
    FileChannel channel =
        FileChannel.open(beside, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      FileLock lock = lock(channel);
      if (lock == null) {
        throw new LedgerRefused(
            "another Plimsoll (process %s) uses the ledger %s: stop that one, or give this one a file of its own with --set store.path=FILE."
                .formatted(holder(channel), ledger));
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
      return new DataLock(channel);
    } catch (IOException | LedgerRefused e) {
      channel.close();
      throw e;
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held within this process
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(MAX_PID);
    channel.read(text, 0);
    String pid = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
    return pid.matches("[0-9]+") ? pid : "unknown";
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // The lock ends with the process at the latest.
    }
  }
}
