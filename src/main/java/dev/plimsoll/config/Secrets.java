package dev.plimsoll.config;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The keys and tokens of a configuration, which nobody may read: blanks them wherever they stand in
 * a text, whoever put them there.
 */
public final class Secrets {
  /** Nothing is secret. */
  public static final Secrets NONE = new Secrets(Stream.of());

  private static final String BLANK = "***";

  /** What is shorter can be guessed, and stands in half of all words. */
  private static final int SHORTEST = 4;

  private final List<String> values;

  private Secrets(Stream<String> secrets) {
    // The longest first: a key may begin with another one.
    values =
        secrets
            .filter(secret -> secret.length() >= SHORTEST)
            .flatMap(Secrets::spellings)
            .distinct()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
  }

  /** The secrets of this configuration. */
  public static Secrets of(Config config) {
    return new Secrets(
        Stream.of(
                config.listen().apiKeys().stream(),
                config.admin().token().stream(),
                config.upstream().apiKey().stream())
            .flatMap(secrets -> secrets));
  }

  /** As it is, and as a string of JSON may hold it. */
  private static Stream<String> spellings(String secret) {
    String inJson = secret.replace("\\", "\\\\").replace("\"", "\\\"");
    return Stream.of(secret, inJson, inJson.replace("/", "\\/"));
  }

  /** The text without them. */
  public String blank(String text) {
    String blanked = text;
    for (String value : values) {
      blanked = blanked.replace(value, BLANK);
    }
    return blanked;
  }
}
