package dev.plimsoll.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SecretsTest {
  private static Secrets secrets(String... settings) {
    List<Setting> set =
        List.of(settings).stream()
            .map(one -> one.split("=", 2))
            .map(one -> new Setting("--set", one[0], one[1]))
            .toList();
    return switch (new ConfigSource(Optional.empty(), Map.of(), set).load()) {
      case Loaded.Valid(Config config) -> Secrets.of(config);
      case Loaded.Invalid(var problems) -> throw new AssertionError(problems);
    };
  }

  @Test
  void everyKeyAndTokenIsBlanked() {
    Secrets secrets =
        secrets(
            "upstream.api-key=up-key", "listen.api-keys=one-key,two-key", "admin.token=a-token");

    assertThat(secrets.blank("up-key, one-key; two-keya-token: else"))
        .isEqualTo("***, ***; ******: else");
  }

  /** A new key that holds a secret must be added to the class. */
  @Test
  void noOtherKeyOfTheConfigurationHoldsASecret() {
    assertThat(Keys.ALL.stream().map(Key::path))
        .filteredOn(path -> path.matches(".*(key|keys|token|secret|password)"))
        .containsExactlyInAnyOrder("upstream.api-key", "listen.api-keys", "admin.token");
  }

  @Test
  void keyThatBeginsWithAnotherOneLeavesNothing() {
    assertThat(secrets("listen.api-keys=abcd,abcdefgh").blank("abcdefgh")).isEqualTo("***");
  }

  @Test
  void keyIsFoundInJson() {
    Secrets secrets = secrets("admin.token=a\"b\\c/d");

    assertThat(secrets.blank("{\"x\":\"a\\\"b\\\\c/d\",\"y\":\"a\\\"b\\\\c\\/d\"}"))
        .isEqualTo("{\"x\":\"***\",\"y\":\"***\"}");
  }

  @Test
  void whatIsAsShortAsAWordIsLeftAlone() {
    assertThat(secrets("upstream.api-key=any").blank("anything")).isEqualTo("anything");
  }

  @Test
  void withoutSecretsNothingChanges() {
    assertThat(Secrets.NONE.blank("***")).isEqualTo("***");
    assertThat(Secrets.of(Config.DEFAULT).blank("null")).isEqualTo("null");
  }
}
