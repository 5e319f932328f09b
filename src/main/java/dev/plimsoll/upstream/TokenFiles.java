package dev.plimsoll.upstream;

import dev.plimsoll.tokens.FormCodec;
import dev.plimsoll.tokens.RenderForm;
import dev.plimsoll.tokens.Vocabulary;
import dev.plimsoll.tokens.VocabularyCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps vocabularies and render forms across restarts, in the data folder's {@code tokens}.
 *
 * <p>A cache: a file that is damaged counts as missing, one that cannot be written is a warning. A
 * file is replaced as a whole, so that two programs may share the folder.
 */
final class TokenFiles {
  private static final Logger LOG = LoggerFactory.getLogger(TokenFiles.class);

  /** A vocabulary is a few megabytes; the oldest files beyond so many are removed. */
  private static final int MOST_FILES = 64;

  private final Path folder;

  TokenFiles(Path dataFolder) {
    this.folder = dataFolder.resolve("tokens");
  }

  Optional<Vocabulary> vocabulary(String digest) {
    return read(name(digest) + ".vocabulary").flatMap(VocabularyCodec::decode);
  }

  void keep(String digest, Vocabulary vocabulary) {
    write(name(digest) + ".vocabulary", VocabularyCodec.encode(vocabulary));
  }

  Optional<RenderForm> form(String key) {
    return read(name(key) + ".form.json").flatMap(FormCodec::decode);
  }

  void keep(String key, RenderForm form) {
    write(name(key) + ".form.json", FormCodec.encode(form));
  }

  /** A digest is hexadecimal; what a server says instead must not lead out of the folder. */
  private static String name(String key) {
    return key.replaceAll("[^A-Za-z0-9._-]", "_").replaceAll("^\\.+", "_");
  }

  private Optional<byte[]> read(String name) {
    Path file = folder.resolve(name);
    try {
      return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    } catch (IOException e) {
      LOG.warn("{} cannot be read and is asked for anew", name);
      return Optional.empty();
    }
  }

  private synchronized void write(String name, byte[] bytes) {
    try {
      Files.createDirectories(folder);
      Path fresh = Files.createTempFile(folder, "new", ".tmp");
      Files.write(fresh, bytes);
      Files.move(fresh, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      removeOldest();
    } catch (IOException e) {
      LOG.warn(
          "the data folder cannot be written ({}): {} is kept in memory only",
          e.getClass().getSimpleName(),
          name);
    }
  }

  private void removeOldest() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.sorted(Comparator.comparing(TokenFiles::writtenAt)).toList();
    }
    for (int i = 0; i < files.size() - MOST_FILES; i++) {
      Files.deleteIfExists(files.get(i));
    }
  }

  private static FileTime writtenAt(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0); // it is gone already
    }
  }
}
