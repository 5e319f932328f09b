package dev.plimsoll.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.plimsoll.calls.Flaw;
import dev.plimsoll.calls.Tool;
import dev.plimsoll.calls.Tools;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arguments are held against schemas that nobody trusts. */
class SchemaRuleTest {
  private static final Duration HANG = Duration.ofSeconds(60);
  private static final SchemaRule RULE = new SchemaRule();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"filePath\":\"a\"} | -",
        "{\"filePath\":\"a\",\"limit\":7} | -",
        "{\"filePath\":\"a\",\"limit\":7.0} | -",
        "{\"filePath\":\"a\",\"limit\":null} | -",
        "{} | MISSING_ARGUMENT",
        "{\"limit\":7} | MISSING_ARGUMENT",
        "{\"filePath\":null} | WRONG_VALUE",
        "{\"filePath\":7} | WRONG_VALUE",
        "{\"filePath\":\"a\",\"limit\":\"7\"} | WRONG_VALUE",
        "{\"filePath\":\"a\",\"limit\":7.5} | WRONG_VALUE",
        "{\"filePath\":\"a\",\"mode\":1} | UNKNOWN_ARGUMENT",
      })
  void argumentsAreHeldAgainstTheSchema(String arguments, String expected) {
    Flaw flaw = RULE.flaw(Tools.READ, arguments);

    assertThat(flaw == null ? "-" : flaw.defect().name()).isEqualTo(expected);
  }

  @Test
  void flawSaysWhatToDo() {
    assertThat(detail(Tools.READ, "{\"limit\":1}")).isEqualTo("read requires filePath.");
    assertThat(detail(Tools.READ, "{\"filePath\":\"a\",\"limit\":\"x\"}"))
        .isEqualTo("read: #/limit: Instance type string is invalid. Expected integer.");
    assertThat(detail(Tools.READ, "{\"filePath\":\"a\",\"mode\":1}"))
        .isEqualTo("read takes no argument \"mode\".");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"$ref\":\"https://example.com/schema.json\"}",
        "{\"properties\":{\"a\":{\"$ref\":\"file:///etc/passwd\"}}}",
        "{\"properties\":{\"a\":{\"$ref\":\"#/$defs/gone\"}}}",
        "{\"$ref\":\"#\"}",
        "{\"allOf\":[{\"$ref\":\"#\"}]}",
        "{\"type\":7}",
        "{\"properties\":{\"a\":{\"type\":\"any\"}}}",
        "{\"properties\":{\"a\":{\"type\":[\"number\",\"str\"]}}}",
        "{\"properties\":[]}",
        "{\"required\":\"a\"}",
        "{\"properties\":{\"a\":{\"pattern\":\"(\"}}}",
        "{\"properties\":{\"a\":{\"minLength\":\"x\"}}}",
        "{\"$id\":\"::\",\"properties\":{\"a\":{}}}",
      })
  void schemaThatCannotBeUsedCountsAsNone(String schema) {
    assertThat(RULE.flaw(Tools.tool("t", schema), "{\"a\":\"b\"}")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"properties\":{\"a\":{\"pattern\":\"^b+$\"}}} | -",
        "{\"properties\":{\"a\":{\"pattern\":\"^c\"}}} | WRONG_VALUE",
        "{\"properties\":{\"a\":{\"pattern\":\"^c\",\"format\":\"uri\"}}} | WRONG_VALUE",
        "{\"properties\":{\"a\":{\"format\":\"date-time\"}}} | -",
        "{\"properties\":{\"a\":{\"const\":{\"pattern\":\"x\"}}}} | WRONG_VALUE",
        "{\"additionalProperties\":false,\"patternProperties\":{\"^a\":{}}} | -",
        "{\"properties\":{\"a\":{\"enum\":[\"c\",\"d\"]}}} | WRONG_VALUE",
        "{\"$defs\":{\"n\":{\"type\":\"number\"}},\"properties\":{\"a\":{\"$ref\":\"#/$defs/n\"}}}"
            + " | WRONG_VALUE",
        "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"properties\":{\"a\":{\"type\":"
            + "\"number\"}}} | WRONG_VALUE",
        "{\"properties\":{\"a\":{\"anyOf\":[{\"type\":\"number\"},{\"type\":\"string\"}]}}} | -",
        "{\"oneOf\":[{\"required\":[\"a\"]},{\"required\":[\"b\"]}]} | -",
      })
  void keywordsAreHeldOrLeft(String schema, String expected) {
    Flaw flaw = RULE.flaw(Tools.tool("t", schema), "{\"a\":\"b\"}");

    assertThat(flaw == null ? "-" : flaw.defect().name()).isEqualTo(expected);
  }

  @Test
  void patternThatNeverEndsIsGivenUp() {
    Tool tool =
        Tools.tool(
            "t", "{\"properties\":{\"a\":{\"pattern\":\"^(a+)+$\"},\"b\":{\"pattern\":\"x\"}}}");
    String arguments = "{\"a\":\"" + "a".repeat(5_000) + "!\"}";

    assertTimeoutPreemptively(HANG, () -> assertThat(RULE.flaw(tool, arguments)).isNull());
  }

  @Test
  void manyItemsAreNotComparedWithEachOther() {
    Tool tool =
        Tools.tool("t", "{\"properties\":{\"a\":{\"type\":\"array\",\"uniqueItems\":true}}}");
    String arguments = "{\"a\":[" + "1,".repeat(60_000) + "1]}";

    assertTimeoutPreemptively(HANG, () -> assertThat(RULE.flaw(tool, arguments)).isNull());
  }

  @Test
  void toolWithoutSchemaDemandsNothing() {
    assertThat(RULE.flaw(Tools.NOW, "{\"x\":1}")).isNull();
  }

  private static String detail(Tool tool, String arguments) {
    Flaw flaw = RULE.flaw(tool, arguments);
    return flaw == null ? "none" : flaw.detail();
  }
}
