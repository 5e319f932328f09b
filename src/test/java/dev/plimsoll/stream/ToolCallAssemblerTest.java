package dev.plimsoll.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.chat.ToolCall;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls are put together whatever form their pieces have, and never mended. */
class ToolCallAssemblerTest {
  private final ToolCallAssembler assembler = new ToolCallAssembler("own_");

  @Test
  void piecesAreJoined() {
    add(0, "a", "f", "{\"x\"");
    add(0, null, null, ":1");
    add(1, "b", "g", "");
    add(0, null, null, "}");

    assertThat(whole()).containsExactly(call("a", "f", "{\"x\":1}"), call("b", "g", "{}"));
  }

  @Test
  void callsThatAllCarryIndexNoughtAreToldApartByTheirIds() {
    add(0, "a", "f", "{}");
    add(0, "b", "g", "{\"y\"");
    add(0, null, null, ":2}");

    assertThat(whole()).containsExactly(call("a", "f", "{}"), call("b", "g", "{\"y\":2}"));
  }

  @Test
  void idThatIsToldWithEveryPieceIsOneCall() {
    add(0, "a", "f", "{\"x\"");
    add(0, "a", "f", ":1}");

    assertThat(whole()).containsExactly(call("a", "f", "{\"x\":1}"));
  }

  @Test
  void nameAndIdMayComeLate() {
    add(0, null, null, "");
    add(0, "a", "", "{");
    add(0, "", "f", "}");

    assertThat(whole()).containsExactly(call("a", "f", "{}"));
  }

  @Test
  void missingAndRepeatedIdsAreReplacedByUniqueOnes() {
    add(0, null, "f", "{}");
    add(1, "own_0", "g", "{}");
    add(2, "x", "h", "{}");
    add(3, "x", "i", "{}");
    add(4, "", "j", "{}");

    assertThat(whole()).extracting(ToolCall::id).doesNotHaveDuplicates().contains("own_0", "x");
    assertThat(whole()).extracting(ToolCall::name).containsExactly("f", "g", "h", "i", "j");
  }

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
    add(0, "a", "f", "{}");
    add(1, "b", "g", arguments);

    assertThat(assembler.assemble()).isInstanceOf(ToolCallAssembler.Assembled.Broken.class);
  }

  @Test
  void argumentsAreKeptAsTheyAre() {
    String arguments = " {\"a\" : 1.50, \"b\":\"\\u00e9\uD83D\uDE00\"}\n";
    add(0, "a", "f", arguments);

    assertThat(whole()).containsExactly(call("a", "f", arguments));
  }

  @Test
  void callWithoutNameIsBroken() {
    add(0, "a", null, "{}");

    assertThat(assembler.assemble())
        .isEqualTo(new ToolCallAssembler.Assembled.Broken("a tool call has no name"));
  }

  @Test
  void nothingIsWhole() {
    assertThat(assembler.isEmpty()).isTrue();
    assertThat(whole()).isEmpty();
  }

  @Test
  void callsInGoodFormNeedNoRepair() {
    add(0, "a", "f", "{}");
    add(1, "b", "g", "{}");

    assertThat(repairs()).isEmpty();
  }

  @Test
  void whatIsMendedIsTold() {
    add(1, "a", "f", "{}");
    assertThat(repairs()).containsExactly(Repair.INDEX);
    add(1, "b", "g", "");
    add(2, "b", "h", "");
    assertThat(repairs()).containsExactlyInAnyOrder(Repair.INDEX, Repair.ID);
    assembler.add(new StreamEvent.ToolCallDelta(3, "d", "i", "{}", true));
    assertThat(repairs()).containsExactlyInAnyOrder(Repair.INDEX, Repair.ID, Repair.ARGS_TYPE);
  }

  private Set<Repair> repairs() {
    return switch (assembler.assemble()) {
      case ToolCallAssembler.Assembled.Whole(var _, var repairs) -> repairs;
      case ToolCallAssembler.Assembled.Broken(var defect) -> throw new AssertionError(defect);
    };
  }

  private void add(int index, @Nullable String id, @Nullable String name, String arguments) {
    assembler.add(new StreamEvent.ToolCallDelta(index, id, name, arguments));
  }

  private List<ToolCall> whole() {
    return switch (assembler.assemble()) {
      case ToolCallAssembler.Assembled.Whole(var calls, var _) -> calls;
      case ToolCallAssembler.Assembled.Broken(var defect) -> throw new AssertionError(defect);
    };
  }

  private static ToolCall call(String id, String name, String arguments) {
    return new ToolCall(id, name, arguments);
  }
}
