package dev.plimsoll.calls;

import dev.plimsoll.chat.ChatRequest;
import dev.plimsoll.json.JsonCursor;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import dev.plimsoll.json.JsonMembers;
import dev.plimsoll.json.JsonString;
import dev.plimsoll.json.Slice;
import dev.plimsoll.json.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tools of one request, by name.
 *
 * <p>Empty when the request declares none or says {@code tool_choice: none}: then no call is looked
 * for. A tool that is no function (some servers have tools of their own) leaves the box open: its
 * calls may have names that nobody here knows.
 */
public final class Toolbox {
  /** No tools. */
  public static final Toolbox EMPTY = new Toolbox(List.of(), false);

  /** How gpt-oss writes the name of any function when it takes the name space for a part of it. */
  private static final String NAME_SPACE = "functions.";

  private final Map<String, Tool> tools = new LinkedHashMap<>();
  private final String[] names;

  /** The names by their first letter, for ASCII, which nearly all are. */
  private final String[][] byFirst = new String[128][];

  private final boolean open;

  private Toolbox(List<Tool> declared, boolean open) {
    declared.forEach(tool -> tools.put(tool.name(), tool));
    names = tools.keySet().toArray(String[]::new);
    Arrays.setAll(byFirst, first -> namesFrom((char) first));
    this.open = open;
  }

  /** A box of exactly these tools. */
  public static Toolbox of(List<Tool> tools) {
    return new Toolbox(tools, false);
  }

  /** The tools that the model may call in this request. */
  public static Toolbox of(ChatRequest request) {
    Span array = request.tools();
    boolean none =
        request.body().string("tool_choice").map(JsonString::text).orElse("").equals("none");
    if (array == null || none) {
      return EMPTY;
    }
    try {
      return read(request.bytes(), array);
    } catch (JsonFault e) {
      throw new IllegalStateException("a body that was parsed before", e);
    }
  }

  private static Toolbox read(byte[] bytes, Span array) throws JsonFault {
    List<Tool> found = new ArrayList<>();
    boolean open = false;
    try (JsonCursor cursor = new JsonCursor(bytes, array)) {
      cursor.enterArray();
      while (cursor.nextElement()) {
        Span element = cursor.skip();
        Span function = JsonMembers.value(bytes, element, "function");
        // OpenAI's newer API has name and parameters at the top; some clients mix the two.
        Tool tool = tool(bytes, function == null ? element : function);
        if (tool == null) {
          open = true;
        } else {
          found.add(tool);
        }
        cursor.endElement();
      }
    }
    return new Toolbox(found, open);
  }

  private static @Nullable Tool tool(byte[] bytes, Span function) throws JsonFault {
    if (bytes[function.start()] != '{') {
      return null;
    }
    String name = null;
    Slice schema = null;
    try (JsonCursor cursor = new JsonCursor(bytes, function)) {
      cursor.enterObject();
      while (cursor.nextMember()) {
        switch (cursor.name()) {
          case "name" -> name = cursor.textOrNull();
          case "parameters" -> {
            boolean object = cursor.kind() == JsonKind.OBJECT;
            Span span = cursor.skip();
            schema = object ? Slice.at(bytes, span) : null;
          }
          default -> cursor.skip();
        }
      }
    }
    return name == null || name.isEmpty() ? null : new Tool(name, schema);
  }

  /** Whether no call can be made. */
  public boolean isEmpty() {
    return tools.isEmpty() && !open;
  }

  /** Whether calls may have names that are not in the box. */
  boolean isOpen() {
    return open;
  }

  /** The names, in the client's order. */
  public List<String> names() {
    return List.of(names);
  }

  /** The tool of just this name. */
  public Optional<Tool> find(String name) {
    return Optional.ofNullable(tools.get(name));
  }

  /**
   * The tool that a model most likely means: that of just this name, else the only one that differs
   * in nothing but case, blanks around it, or gpt-oss's name space before it.
   */
  Optional<Tool> meant(String name) {
    Tool exact = tools.get(name);
    if (exact != null) {
      return Optional.of(exact);
    }
    String stripped = name.strip();
    String plain =
        stripped.startsWith(NAME_SPACE) ? stripped.substring(NAME_SPACE.length()) : stripped;
    List<Tool> alike =
        tools.values().stream()
            .filter(
                tool -> tool.name().toLowerCase(Locale.ROOT).equals(plain.toLowerCase(Locale.ROOT)))
            .toList();
    return alike.size() == 1 ? Optional.of(alike.getFirst()) : Optional.empty();
  }

  boolean has(String name) {
    return tools.containsKey(name);
  }

  private String[] namesFrom(char first) {
    return Arrays.stream(names).filter(name -> name.charAt(0) == first).toArray(String[]::new);
  }

  /**
   * Whether some tool's name stands at an offset, or the beginning of one where the text ends; a
   * look that costs next to nothing, since it is taken at every word.
   */
  boolean mayHaveNameAt(CharSequence text, int at) {
    char first = text.charAt(at);
    String[] alike = first < byFirst.length ? byFirst[first] : names;
    for (String name : alike) {
      int count = Math.min(name.length(), text.length() - at);
      int same = 0;
      while (same < count && name.charAt(same) == text.charAt(at + same)) {
        same++;
      }
      boolean whole = same == name.length() && at + same < text.length();
      if (same == count && !(whole && Names.isPart(text.charAt(at + same)))) {
        return true;
      }
    }
    return false;
  }

  /** Whether some tool's name begins like this. */
  boolean hasNameFrom(String beginning) {
    for (String name : tools.keySet()) {
      if (name.startsWith(beginning)) {
        return true;
      }
    }
    return false;
  }
}
