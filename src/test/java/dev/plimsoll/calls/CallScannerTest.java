package dev.plimsoll.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.plimsoll.testing.Chance;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls in text are found in every form, however the text is cut; text about calls is let go. */
class CallScannerTest {
  /** What an opening and the longest name of a tool can hold back, and blanks between them. */
  private static final int LONGEST_WAIT = 48;

  private static final String NEW_LINES = "one\ntwo </arg_value> and </parameter> \"three\"\n";

  static Stream<Arguments> whole() {
    return Stream.of(
        arguments(
            "GLM",
            "",
            "<tool_call>read\n<arg_key>filePath</arg_key>\n<arg_value>/a b.txt</arg_value>\n"
                + "</tool_call>",
            List.of(call("read", "{\"filePath\":\"/a b.txt\"}"))),
        arguments(
            "GLM without line feeds, behind text",
            "I look at it.\n",
            "<tool_call>read<arg_key>filePath</arg_key><arg_value>a</arg_value>"
                + "<arg_key>offset</arg_key><arg_value>7</arg_value></tool_call>",
            List.of(call("read", "{\"filePath\":\"a\",\"offset\":7}"))),
        arguments(
            "GLM without its last tag",
            "",
            "<tool_call>read\n<arg_key>filePath</arg_key>\n<arg_value>a</arg_value>\n",
            List.of(call("read", "{\"filePath\":\"a\"}"))),
        arguments("GLM without arguments", "", "<tool_call>now</tool_call>", List.of(now())),
        arguments(
            "GLM, its tag swallowed",
            "",
            "read\n<arg_key>filePath</arg_key>\n<arg_value>a</arg_value>\n</tool_call>",
            List.of(call("read", "{\"filePath\":\"a\"}"))),
        arguments(
            "GLM, tag and name swallowed",
            "",
            "<arg_key>filePath</arg_key>\n<arg_value>a</arg_value>\n</tool_call>",
            List.of(call("", "{\"filePath\":\"a\"}"))),
        arguments(
            "GLM, a value that holds end tags",
            "",
            "<tool_call>write\n<arg_key>filePath</arg_key>\n<arg_value>a</arg_value>\n"
                + "<arg_key>content</arg_key>\n<arg_value>"
                + NEW_LINES
                + "</arg_value>\n</tool_call>",
            List.of(
                call(
                    "write",
                    "{\"filePath\":\"a\",\"content\":\"one\\ntwo </arg_value> and </parameter>"
                        + " \\\"three\\\"\\n\"}"))),
        arguments(
            "two of GLM",
            "Both.",
            "<tool_call>now</tool_call>\n<tool_call>read<arg_key>filePath</arg_key>"
                + "<arg_value>b</arg_value></tool_call>",
            List.of(now(), call("read", "{\"filePath\":\"b\"}"))),
        arguments(
            "Qwen",
            "",
            "<tool_call>\n<function=write>\n<parameter=filePath>\na.txt\n</parameter>\n"
                + "<parameter=content>\n\nx\n\n</parameter>\n</function>\n</tool_call>",
            List.of(call("write", "{\"filePath\":\"a.txt\",\"content\":\"\\nx\\n\"}"))),
        arguments(
            "Qwen, its first tag swallowed",
            "Let me see.\n\n",
            "<function=read>\n<parameter=filePath>\na\n</parameter>\n<parameter=limit>\n20\n"
                + "</parameter>\n</function>\n</tool_call>",
            List.of(call("read", "{\"filePath\":\"a\",\"limit\":20}"))),
        arguments(
            "Qwen without its last tags",
            "",
            "<function=read>\n<parameter=filePath>\na\n</parameter>\n",
            List.of(call("read", "{\"filePath\":\"a\"}"))),
        arguments(
            "Hermes",
            "",
            "<tool_call>\n{\"name\": \"read\", \"arguments\": {\"filePath\": \"a\"}}\n</tool_call>",
            List.of(call("read", "{\"filePath\": \"a\"}"))),
        arguments(
            "Hermes, arguments first, its last tag missing",
            "So:\n",
            "<tool_call>{\"arguments\": {\"filePath\": \"}]\\\"{\"}, \"name\": \"read\"}",
            List.of(call("read", "{\"filePath\": \"}]\\\"{\"}"))),
        arguments(
            "Hermes, three",
            "",
            "<tool_call>\n{\"name\":\"now\",\"arguments\":{}}\n</tool_call>\n".repeat(3),
            List.of(now(), now(), now())),
        arguments(
            "Mistral, a list",
            "",
            "[TOOL_CALLS] [{\"name\": \"now\", \"arguments\": {}}, {\"name\": \"read\","
                + " \"arguments\": {\"filePath\": \"a\"}, \"id\": \"abcdefghi\"}]",
            List.of(now(), call("read", "{\"filePath\": \"a\"}"))),
        arguments(
            "Mistral, names and marks",
            "I search.",
            "[TOOL_CALLS]web_search[CALL_ID]0a1b2c3d4[ARGS]{\"query\": \"x\"}"
                + "[TOOL_CALLS]now[ARGS]{}</s>",
            List.of(call("web_search", "{\"query\": \"x\"}"), now())),
        arguments("Mistral without mark", "", "[TOOL_CALLS]now{}", List.of(now())),
        arguments(
            "Mistral, its token swallowed",
            "I search. ",
            "web_search[ARGS]{\"query\": \"[ARGS]\"}",
            List.of(call("web_search", "{\"query\": \"[ARGS]\"}"))),
        arguments(
            "harmony",
            "",
            "<|channel|>commentary to=functions.read <|constrain|>json<|message|>{\"filePath\":"
                + "\"a\"}<|call|>",
            List.of(call("read", "{\"filePath\":\"a\"}"))),
        arguments(
            "harmony from the start",
            "",
            "<|start|>assistant<|channel|>commentary to=functions.now<|message|>{}",
            List.of(now())),
        arguments(
            "bare object",
            "",
            "{\"name\": \"read\", \"arguments\": {\"filePath\":\"a\"}}\n",
            List.of(call("read", "{\"filePath\":\"a\"}"))),
        arguments(
            "bare objects, one on a line",
            "",
            "{\"name\":\"now\",\"parameters\":{}}\n{\"name\":\"now\",\"parameters\":{}}",
            List.of(now(), now())),
        arguments(
            "bare list",
            "",
            "[{\"type\":\"function\",\"id\":\"x\",\"function\":{\"name\":\"now\",\"arguments\":\"{}"
                + "\"}}]",
            List.of(now())),
        arguments(
            "bare, the function as its name",
            "",
            "{\"function\": \"read\", \"arguments\": \"{\\\"filePath\\\":\\\"\\u00e9\\\"}\"}",
            List.of(call("read", "{\"filePath\":\"é\"}"))),
        arguments(
            "fenced",
            "",
            "```json\n{\n  \"name\": \"read\",\n  \"arguments\": {\n    \"filePath\": \"a\"\n  }\n}"
                + "\n```\n",
            List.of(call("read", "{\n    \"filePath\": \"a\"\n  }"))),
        arguments(
            "fenced without a word, its end missing",
            "",
            "\n```\n[{\"name\":\"now\",\"arguments\":{}}]",
            List.of(now())));
  }

  static Stream<String> prose() {
    return Stream.of(
        "",
        "Hello, world!",
        "I will read the file, then write it; now I search.",
        "read",
        "now\n",
        "The model writes `<tool_call>` before a call.",
        "The model writes <tool_call> before a call.",
        "Calls stand between <tool_call> and </tool_call>.",
        "A call to read looks like `<tool_call>now</tool_call>`.",
        "A call looks like <tool_call>now</tool_call> in the raw text.",
        "\"<tool_call>now</tool_call>\"",
        "An unknown <tool_call>launch\n<arg_key>to</arg_key>\n<arg_value>Mars</arg_value>\n"
            + "</tool_call>",
        "Each <arg_key> has an <arg_value>.",
        "The pair <arg_key>k</arg_key> has no value.",
        "Use the form <function=name> with <parameter=key> in it.",
        """
        For example:
        ```xml
        <tool_call>
        <function=read>
        <parameter=filePath>
        a
        </parameter>
        </function>
        </tool_call>
        ```
        """,
        "For example:\n```json\n{\"name\": \"read\", \"arguments\": {\"filePath\": \"a\"}}\n```\n",
        """
        ```json
        {"name": "read", "arguments": {"filePath": "a"}}
        ```
        This is how a call looks.\
        """,
        "```json\n{\"name\": \"read\", \"version\": \"1.2.3\", \"private\": true}\n```",
        "```js\nconst read = 1;\n```",
        "```\nread(a)\n```",
        "{\"name\": \"plimsoll\", \"version\": 1}",
        "{\"name\": \"read\"}",
        "{\"name\": \"read\", \"arguments\": [1]}",
        "{\"type\": \"object\", \"properties\": {}}",
        "{\"arguments\": {\"a\": 1}, \"name\": \"nobody\"}",
        "{\"title\": \"Read a file\"}",
        "{\"name\": \"now\", \"arguments\": {}} is what I would call.",
        "{}",
        "{ if (x) { read(); } }",
        "[1, 2, 3]",
        "[{\"name\": \"a\"}, {\"name\": \"b\"}]",
        "[x] read the file\n[ ] write the file\n",
        "[TOOL_CALLS] is the token of Mistral.",
        "In Mistral's form it is read[ARGS] and then JSON.",
        "The array args[0] and read[0] and write[ARGS] are not calls.",
        "<|channel|>final<|message|>Hello",
        "a < b && c > d << 2; List<read>",
        "<table><tr><td>now</td></tr></table>",
        "The name is web_search_results, not web_search, nor web.search[ARGS]{}.",
        "prefixread[ARGS]{}",
        "<function=read> and <function=write> are openings.",
        "<tool_call>read the file</tool_call>",
        "<tool_call>\n{\"name\": \"read\", \"note\": 1}\n</tool_call>",
        "<tool_call>now</tool_call> <tool_call>now</tool_call>, twice.",
        "  \n\t\n",
        "``` \n{\"name\": \"now\"}",
        "Das Werkzeug „read“ liest 漢字 😀 <tool",
        "x".repeat(5_000) + " <tool_call>",
        "<".repeat(300) + "[".repeat(300) + "{".repeat(300) + "`".repeat(300));
  }

  static Stream<String> cut() {
    return Stream.of(
        "<tool_call>write\n<arg_key>filePath</arg_key>\n<arg_value>/a",
        "<tool_call>write\n<arg_key>fileP",
        "On it.<tool_call>read\n<arg_key>filePath</arg_key>",
        "<arg_key>filePath</arg_key>\n<arg_value>a</arg_value",
        "<function=write>\n<parameter=filePath>\na\n</parameter>\n<parameter=content>\nabc",
        "<tool_call>\n{\"name\": \"write\", \"arguments\": {\"content\":\"one two three",
        "{\"name\": \"write\", \"arguments\": {\"content\":\"one two three four",
        "```json\n{\"name\": \"write\", \"arguments\": {\"content\":\"one two three four",
        "[TOOL_CALLS]write[ARGS]{\"content\":\"one",
        "web_search[ARGS]{\"query\": ",
        "<|channel|>commentary to=functions.read <|constrain|>json<|message|>{\"file",
        "<tool_call>now</tool_call>\n<tool_call>read\n<arg_key>filePath</arg_key>\n<arg_value>b");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("whole")
  void wholeCallIsFound(String form, String prose, String written, List<WrittenCall> calls) {
    String text = prose + written;
    for (int[] cuts : splits(text)) {
      Read read = read(text, true, cuts);

      assertThat(read.written).isEqualTo(new Written.Calls(calls));
      assertThat(read.free.strip()).isEqualTo(prose.strip());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("whole")
  void beginningOfCallIsNoOtherCall(
      String form, String prose, String written, List<WrittenCall> calls) {
    String text = prose + written;
    for (int length = 0; length < text.length(); length++) {
      Read read = read(text.substring(0, length), false);

      assertThat(prose).startsWith(read.free);
      if (read.written instanceof Written.Calls(var found)) {
        assertThat(calls).as("first %d characters", length).startsWith(found.toArray(CALLS));
      }
    }
  }

  private static final WrittenCall[] CALLS = {};

  @ParameterizedTest
  @MethodSource("prose")
  void proseIsLetGo(String text) {
    for (int[] cuts : splits(text)) {
      for (boolean stopped : new boolean[] {true, false}) {
        Read read = read(text, stopped, cuts);

        // What only begins a form is text when the model stopped, and not told when it was cut.
        if (stopped || !text.endsWith(" <tool_call>")) {
          assertThat(read.written).isEqualTo(new Written.Prose());
        }
        assertThat(text).isEqualTo(read.free + read.held);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("prose")
  void proseWaitsForNoMoreThanAnOpening(String text) {
    if (text.strip().startsWith("{") || text.startsWith("```") || text.contains("tool_call>n")) {
      return; // as long as it fits a call, it has to wait
    }
    CallScanner scanner = new CallScanner(Tools.BOX);
    for (int i = 0; i < text.length(); i++) {
      scanner.add(text.substring(i, i + 1));

      assertThat(scanner.held()).as("%s", text.substring(0, i + 1)).isLessThan(LONGEST_WAIT);
    }
  }

  @ParameterizedTest
  @MethodSource("cut")
  void callThatIsNotCompleteIsCut(String text) {
    for (int[] cuts : splits(text)) {
      assertThat(read(text, true, cuts).written).isInstanceOf(Written.Cut.class);
      assertThat(read(text, false, cuts).written).isInstanceOf(Written.Cut.class);
    }
  }

  @Test
  void negativeSetIsNoSmallerThanThePositiveOne() {
    assertThat(prose().count()).isGreaterThanOrEqualTo(whole().count() + cut().count());
  }

  @Test
  void withoutToolsNothingIsHeld() {
    CallScanner scanner = new CallScanner(Toolbox.of(List.of()));
    scanner.add("Hello {\"name\": now");

    assertThat(scanner.held()).isZero();
  }

  @Test
  void longCallIsReadOnce() {
    String value = "</arg_value> <arg_ke } ] \" </tool_call> x ".repeat(20_000);
    CallScanner scanner = new CallScanner(Tools.BOX);
    scanner.add("<tool_call>write<arg_key>content</arg_key><arg_value>");
    for (int i = 0; i < value.length(); i += 7) {
      scanner.add(value.substring(i, Math.min(value.length(), i + 7)));
    }
    scanner.add("</arg_value></tool_call>");

    assertThat(scanner.end(true))
        .isInstanceOfSatisfying(
            Written.Calls.class,
            calls -> assertThat(calls.calls().getFirst().arguments()).contains("x <"));
  }

  @Test
  void randomTextFromPartsOfCallsIsNeverLostOrDoubled() {
    List<String> parts =
        List.of(
            "<tool_call>",
            "</tool_call>",
            "<function=",
            "read",
            "now",
            ">",
            "<parameter=",
            "\n",
            "filePath",
            "</parameter>",
            "</function>",
            "<arg_key>",
            "</arg_key>",
            "<arg_value>",
            "</arg_value>",
            "{\"name\":",
            "\"now\"",
            ",\"arguments\":",
            "{}",
            "}",
            "[",
            "]",
            "[TOOL_CALLS]",
            "[ARGS]",
            "```",
            "json",
            "`",
            " ",
            "x",
            "<|channel|>commentary",
            " to=functions.",
            "<|message|>",
            "</s>");
    Chance.cases(
        1,
        20_000,
        random -> {
          StringBuilder text = new StringBuilder();
          for (int i = random.nextInt(14); i >= 0; i--) {
            text.append(parts.get(random.nextInt(parts.size())));
          }
          String whole = text.toString();
          boolean stopped = random.nextBoolean();
          Read once = read(whole, stopped);
          int[] cuts = random.ints(random.nextInt(6), 0, whole.length() + 1).sorted().toArray();
          Read cut = read(whole, stopped, cuts);

          assertThat(once.free + once.held).isEqualTo(whole);
          assertThat(cut.written).as(whole).isEqualTo(once.written);
          assertThat(cut.free).as(whole).isEqualTo(once.free);
        });
  }

  /** What became of a text. */
  private record Read(String free, String held, Written written) {}

  private static Read read(String text, boolean stopped, int... cuts) {
    CallScanner scanner = new CallScanner(Tools.BOX);
    int from = 0;
    for (int cut : cuts) {
      scanner.add(text.substring(from, cut));
      from = cut;
    }
    scanner.add(text.substring(from));
    int free = Math.toIntExact(scanner.free());
    assertThat(scanner.held()).isEqualTo(text.length() - free);
    return new Read(text.substring(0, free), text.substring(free), scanner.end(stopped));
  }

  /** At no place, at every place, and at each single place of a text that is not too long. */
  private static List<int[]> splits(String text) {
    List<int[]> splits = new ArrayList<>();
    splits.add(new int[0]);
    int[] all = new int[text.length()];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
      if (all.length < 500) {
        splits.add(new int[] {i});
      }
    }
    splits.add(all);
    return splits;
  }

  private static WrittenCall now() {
    return call("now", "{}");
  }

  private static WrittenCall call(String name, String arguments) {
    return new WrittenCall(name, arguments);
  }
}
