package dev.plimsoll.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values written as bare text get the types that the tool's schema gives them. */
class ToolSchemaTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "query | 7 | \"7\"",
        "query | true | \"true\"",
        "query | {\"a\":1} | \"{\\\"a\\\":1}\"",
        "query | ` a ` | \" a \"",
        "count | 7 | 7",
        "count | ` 7\n` | 7",
        "count | null | null",
        "count | None | null",
        "count | seven | \"seven\"",
        "count | 1e400000 | 1e400000",
        "safe | true | true",
        "safe | False | false",
        "safe | yes | \"yes\"",
        "rate | 0.50 | 0.50",
        "rate | fast | \"fast\"",
        "sites | [\"a\", \"b\"] | [\"a\", \"b\"]",
        "sites | a, b | \"a, b\"",
        "options | {\"x\": {}} | {\"x\": {}}",
        "options | {x} | \"{x}\"",
        "anything | [1] | [1]",
        "anything | 1 | \"1\"",
        "unheard | {\"x\":1} | {\"x\":1}",
        "unheard | 1 | \"1\"",
      })
  void valueHasItsType(String name, String text, String json) {
    assertThat(ToolSchema.of(Tools.SEARCH).arguments(Map.of(name, text)))
        .isEqualTo("{\"" + name + "\":" + json + "}");
  }

  @Test
  void keysKeepTheirOrder() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("z\"", "1");
    values.put("a", "2");

    assertThat(ToolSchema.of(Tools.NOW).arguments(values))
        .isEqualTo("{\"z\\\"\":\"1\",\"a\":\"2\"}");
    assertThat(ToolSchema.SILENT.arguments(Map.of())).isEqualTo("{}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}",
        "{\"properties\":7}",
        "{\"properties\":{\"a\":7,\"b\":true}}",
        "{\"properties\":{\"a\":{\"type\":7}}}",
        "{\"properties\":{\"a\":{\"type\":[7,\"thing\"]}}}",
        "{\"properties\":{\"a\":{\"anyOf\":{\"type\":\"integer\"}}}}",
        "{\"properties\":{\"a\":{\"anyOf\":[7,{\"$ref\":\"#/x\"}]}}}",
      })
  void oddSchemaSaysNothing(String schema) {
    assertThat(ToolSchema.of(Tools.tool("t", schema)).arguments(Map.of("a", "1")))
        .isEqualTo("{\"a\":\"1\"}");
  }
}
