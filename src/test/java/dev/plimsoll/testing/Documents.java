package dev.plimsoll.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** JSON texts and what is none, each as the value of one member of an object. */
public final class Documents {
  private Documents() {}

  /** Values that are JSON, by name; all must be taken, and kept as they are. */
  public static Map<String, String> values() {
    Map<String, String> all = new LinkedHashMap<>();
    for (String value :
        new String[] {
          "null",
          "true",
          "false",
          "0",
          "-0",
          "1",
          "-1",
          "1.5",
          "1e5",
          "1E+5",
          "1e-5",
          "1e400",
          "-1E400",
          "123456789012345678901234567890",
          "0.1000000000000000055511151231257827",
          "[]",
          "{}",
          "[[]]",
          "[1,\"a\",null]",
          "{\"\":1}",
          "{\"a\":{\"a\":{\"a\":1}}}",
          " [ 1 , 2 ] ",
          "\"\"",
          "\"a\"",
          "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
          "\"\\u0000\"",
          "\"\\u00e9\\u00E9\"",
          "\"\\ud83d\\ude00\"",
          "\"\\ud800\"",
          "\"\\udc00\\ud800\"",
          "\"é\"",
          "\"漢字\"",
          "\"😀\"",
          "\"\u007f\"",
          "\"\ufeff\"",
          "\"\u2028\"",
          "\"\uffff\"",
          "\"</script>\"",
          "\n\t\r 1 \n\t\r",
          "\"" + "x".repeat(100_000) + "\"",
          "1".repeat(1000),
          "[" + "1,".repeat(9999) + "1]"
        }) {
      all.put(value.length() > 40 ? value.substring(0, 40) + "…" : value, value);
    }
    all.put("127 deep", "[".repeat(127) + "]".repeat(127));
    all.put("100,000 names", names(100_000));
    return all;
  }

  private static String names(int count) {
    StringBuilder object = new StringBuilder("{\"n\":0");
    for (int i = 0; i < count; i++) {
      object.append(",\"n").append(i).append("\":0");
    }
    return object.append('}').toString();
  }

  /** Bytes that are no JSON in UTF-8, by name. */
  public static Map<String, byte[]> broken() {
    Map<String, byte[]> all = new LinkedHashMap<>();
    for (String value :
        new String[] {
          "",
          "nul",
          "True",
          "NaN",
          "Infinity",
          "-Infinity",
          "undefined",
          "01",
          "-01",
          "+1",
          ".5",
          "1.",
          "1.e5",
          "1e",
          "1e+",
          "-",
          "--1",
          "0x1",
          "1_000",
          "1 2",
          "1a",
          "[1,]",
          "[,1]",
          "[1 2]",
          "[1",
          "[1}",
          "1]",
          "{\"a\":1,}",
          "{\"a\"}",
          "{\"a\":}",
          "{a:1}",
          "{'a':1}",
          "{1:1}",
          "{\"a\" 1}",
          "{\"a\":1 \"b\":2}",
          "{\"a\"::1}",
          "{,}",
          "'a'",
          "\"a",
          "\"\\x\"",
          "\"\\u12\"",
          "\"\\u12g4\"",
          "\"\\\"",
          "\"a\nb\"",
          "\"a\tb\"",
          "\"a\0b\"",
          "\"\u001f\"",
          "// c\n1",
          "/* c */ 1",
          "# c\n1",
          "1 // c",
          "\u00a01",
          "\u000b1",
          "\f1",
          "[1,\u00a02]",
          "\"a\"\"b\"",
          "{}{}",
          "nullnull",
          "<a/>",
          "1,"
        }) {
      all.put(value, wrapped(value));
    }
    all.put("1001 digits", wrapped("1".repeat(1001)));
    all.put("1001 digits behind the point", wrapped("0." + "1".repeat(1001)));
    all.put("128 deep", wrapped("[".repeat(128) + "]".repeat(128)));
    all.put("100,000 arrays", wrapped("[".repeat(100_000)));
    all.put("50,000 arrays and objects", wrapped("[{\"\":".repeat(50_000)));
    all.put("only arrays and objects", "[{\"\":".repeat(50_000).getBytes(ISO_8859_1));
    for (String bytes :
        new String[] {
          "\u0080",
          "\u00ff",
          "\u00c3",
          "\u00c3(",
          "\u00e2\u0082",
          "\u00f0\u009f\u0098",
          "\u00c0\u0080",
          "\u00c1\u00bf",
          "\u00e0\u0080\u0080",
          "\u00f0\u0080\u0080\u0080",
          "\u00ed\u00a0\u0080",
          "\u00ed\u00bf\u00bf",
          "\u00f4\u0090\u0080\u0080",
          "\u00f8\u0088\u0080\u0080\u0080",
          "\u00fe"
        }) {
      all.put("bytes " + hex(bytes), latin("{\"k\":\"" + bytes + "\"}"));
      all.put("bytes " + hex(bytes) + " in a name", latin("{\"" + bytes + "\":1}"));
    }
    all.put("UTF-16BE", "{\"k\":1}".getBytes(UTF_16BE));
    all.put("UTF-16LE", "{\"k\":1}".getBytes(UTF_16LE));
    all.put("UTF-16LE with its mark", "\ufeff{\"k\":1}".getBytes(UTF_16LE));
    all.put("two marks", latin("\u00ef\u00bb\u00bf\u00ef\u00bb\u00bf{\"k\":1}"));
    all.put("NUL behind", latin("{\"k\":1}\0"));
    all.put("array", latin("[]"));
    all.put("string", latin("\"k\""));
    all.put("null", latin("null"));
    all.put("number", latin("5"));
    all.put("blanks", latin(" \n "));
    return all;
  }

  private static byte[] wrapped(String value) {
    return latin("{\"k\":" + value + "}");
  }

  private static byte[] latin(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static String hex(String bytes) {
    return HexFormat.of().formatHex(latin(bytes));
  }
}
