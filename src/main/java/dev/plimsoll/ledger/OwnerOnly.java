package dev.plimsoll.ledger;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Makes folders and files that other users of the machine cannot look into. */
final class OwnerOnly {
  private static final FileAttribute<?>[] NOTHING = {};

  private OwnerOnly() {}

  /** Makes the folder and those above it, as far as they are missing. */
  static void folder(Path path) throws IOException {
    Files.createDirectories(path, permissions(path, "rwx------"));
  }

  /** Makes an empty file, unless there is one. */
  static void file(Path path) throws IOException {
    try {
      Files.createFile(path, permissions(path, "rw-------"));
    } catch (FileAlreadyExistsException e) {
      // Its permissions are somebody's choice.
    }
  }

  /** Where the file system knows no such thing, its own rules have to do. */
  private static FileAttribute<?>[] permissions(Path path, String text) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text))
        }
        : NOTHING;
  }
}
