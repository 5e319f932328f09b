package dev.plimsoll.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.chat.ToolCall;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A call leaves only if it is whole and one that its tool takes. */
class CallCheckTest {
  private final CallCheck check = new CallCheck(Tools.BOX, ArgumentRule.NONE);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{\"a\":",
        "{\"a\":\"b",
        "{\"a\":\"b\"",
        "{}{}",
        "{} x",
        "[]",
        "null",
        "\"{}\"",
        "7",
        " ",
        "{'a':1}",
        "{\"a\":1,}",
        "{\"a\":\"x\ny\"}"
      })
  void argumentsThatAreNoWholeObjectAreBroken(String arguments) {
    assertThat(defect(call("now", "{}"), call("now", arguments))).isEqualTo(Defect.NOT_JSON);
    assertThat(defect(new CallCheck(Toolbox.EMPTY, ArgumentRule.NONE), call("f", arguments)))
        .isEqualTo(Defect.NOT_JSON);
  }

  @Test
  void soundCallsComeBackAsTheyAre() {
    List<ToolCall> calls =
        List.of(call("read", " {\"filePath\" : \"\\u00e9\" }"), call("now", "{\"x\":1.50}"));

    assertThat(check.check(calls)).isEqualTo(new Checked.Sound(calls, Set.of()));
  }

  @ParameterizedTest
  @CsvSource({"READ, read", "' read', read", "functions.read, read", "Web_Search, web_search"})
  void nameThatIsNearlyRightIsPutRight(String written, String name) {
    assertThat(check.check(List.of(call(written, "{}"))))
        .isEqualTo(new Checked.Sound(List.of(call(name, "{}")), Set.of(Repair.NAME)));
  }

  @Test
  void nameThatCouldBeTwoIsUnknown() {
    CallCheck twins =
        new CallCheck(
            Toolbox.of(List.of(new Tool("run", null), new Tool("Run", null))), ArgumentRule.NONE);

    assertThat(defect(twins, call("RUN", "{}"))).isEqualTo(Defect.UNKNOWN_TOOL);
  }

  @Test
  void unknownToolIsToldWithThoseThatThereAre() {
    assertThat(check.check(List.of(call("launch", "{}"))))
        .isInstanceOfSatisfying(
            Checked.Flawed.class,
            flawed ->
                assertThat(flawed.flaw())
                    .isEqualTo(
                        new Flaw(
                            Defect.UNKNOWN_TOOL,
                            "There is no tool launch. The tools are: read, write, web_search,"
                                + " now.")));
  }

  @Test
  void callWithoutNameIsBroken() {
    assertThat(defect(call("", "{}"))).isEqualTo(Defect.NO_NAME);
  }

  @Test
  void withoutToolsAnyNamePasses() {
    assertThat(new CallCheck(Toolbox.EMPTY, ArgumentRule.NONE).check(List.of(call("f", "{}"))))
        .isInstanceOf(Checked.Sound.class);
  }

  @Test
  void openBoxTakesAnyName() {
    Toolbox open =
        Tools.of(
            ",\"tools\":[{\"type\":\"web_search_preview\"},"
                + "{\"type\":\"function\",\"function\":{\"name\":\"read\"}}]");

    assertThat(new CallCheck(open, ArgumentRule.NONE).check(List.of(call("web", "{}"))))
        .isInstanceOf(Checked.Sound.class);
  }

  @Test
  void sentenceIsNoKey() {
    assertThat(defect(call("write", "{\"filePath\":\"a\",\"one two three\":\"\"}")))
        .isEqualTo(Defect.UNKNOWN_ARGUMENT);
    assertThat(check.check(List.of(call("write", "{\"more\":1}"))))
        .isInstanceOf(Checked.Sound.class);
    Tool map =
        Tools.tool(
            "map", "{\"properties\":{\"a\":{}},\"additionalProperties\":{\"type\":\"string\"}}");
    assertThat(
            new CallCheck(Toolbox.of(List.of(map)), ArgumentRule.NONE)
                .check(List.of(call("map", "{\"New York\":\"1\"}"))))
        .isInstanceOf(Checked.Sound.class);
  }

  @Test
  void ruleIsAsked() {
    CallCheck strict =
        new CallCheck(Tools.BOX, (tool, _) -> new Flaw(Defect.WRONG_VALUE, tool.name()));

    assertThat(strict.check(List.of(call("Read", "{}"))))
        .isEqualTo(new Checked.Flawed(new Flaw(Defect.WRONG_VALUE, "read")));
  }

  @Test
  void toolsOfRequestAreRead() {
    String function = "{\"type\":\"function\",\"function\":{\"name\":\"a\",\"parameters\":{}}}";
    String flat = "{\"type\":\"function\",\"name\":\"b\",\"parameters\":{\"type\":\"object\"}}";

    assertThat(Tools.of(",\"tools\":[" + function + "," + flat + "]").names())
        .containsExactly("a", "b");
    assertThat(Tools.of(",\"tools\":[" + function + "],\"tool_choice\":\"none\"").isEmpty())
        .isTrue();
    assertThat(Tools.of(",\"tools\":[]").isEmpty()).isTrue();
    assertThat(Tools.of("").isEmpty()).isTrue();
    assertThat(Tools.of(",\"tools\":[{}]").isEmpty()).isFalse();
    assertThat(Tools.of(",\"tools\":[{\"function\":7}]").names()).isEmpty();
  }

  private Defect defect(ToolCall... calls) {
    return defect(check, calls);
  }

  private static Defect defect(CallCheck check, ToolCall... calls) {
    return switch (check.check(List.of(calls))) {
      case Checked.Flawed(var flaw) -> flaw.defect();
      case Checked.Sound sound -> throw new AssertionError("sound: " + sound);
    };
  }

  private static ToolCall call(String name, String arguments) {
    return new ToolCall("id", name, arguments);
  }
}
