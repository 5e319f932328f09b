package dev.plimsoll.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * Puts SQLite's native library into the data folder, once for each version.
 *
 * <p>Left to itself the driver unpacks it at every start into the folder for temporary files, which
 * a read-only container may not have, and where every killed process leaves one behind. Whatever
 * goes wrong here, the driver falls back to that.
 */
final class NativeLibrary {
  private static final String PATH = "org.sqlite.lib.path";

  private NativeLibrary() {}

  /** Has the driver load it from there; the first call in a process counts. */
  static synchronized void in(Path folder) {
    if (System.getProperty(PATH) != null) {
      return;
    }
    String name = LibraryLoaderUtil.getNativeLibName();
    String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name;
    try (InputStream in = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
      if (in == null) {
        return; // no library for this machine in the jar: the driver says so better
      }
      Path home = folder.resolve("sqlite-" + SQLiteJDBCLoader.getVersion());
      unpack(in.readAllBytes(), home.resolve(name));
      System.setProperty(PATH, home.toString());
    } catch (IOException e) {
      // A folder that cannot be written: the driver takes its own way.
    }
  }

  /** Compares, since what is loaded runs with all rights of this process. */
  private static void unpack(byte[] library, Path file) throws IOException {
    if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), library)) {
      return;
    }
    Files.createDirectories(file.getParent());
    Path fresh = Files.createTempFile(file.getParent(), "new", ".tmp");
    Files.write(fresh, library);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
