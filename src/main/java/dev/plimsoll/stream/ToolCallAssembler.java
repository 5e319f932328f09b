package dev.plimsoll.stream;

import dev.plimsoll.chat.ToolCall;
import dev.plimsoll.json.JsonCursor;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts tool calls together from their pieces and says whether they are whole.
 *
 * <p>Mends what servers get wrong in the form: calls that all carry index 0 are told apart by their
 * ids, a missing or repeated id is replaced, absent arguments become {@code {}}. It never mends the
 * arguments' text.
 */
final class ToolCallAssembler {
  private final String idPrefix;
  private final List<Draft> drafts = new ArrayList<>(2);

  /** One call while its pieces come. */
  private static final class Draft {
    final int index;
    @Nullable String id;
    @Nullable String name;
    boolean asValue;
    final StringBuilder arguments = new StringBuilder();

    Draft(int index, @Nullable String id) {
      this.index = index;
      this.id = id;
    }
  }

  /** What became of the pieces. */
  sealed interface Assembled {
    /** Every call is whole, and what was mended to make it so. */
    record Whole(List<ToolCall> calls, Set<Repair> repairs) implements Assembled {}

    /** One call is not, and why. */
    record Broken(String defect) implements Assembled {}
  }

  /** Makes an assembler; ids that it must invent start with {@code idPrefix}. */
  ToolCallAssembler(String idPrefix) {
    this.idPrefix = idPrefix;
  }

  boolean isEmpty() {
    return drafts.isEmpty();
  }

  void add(StreamEvent.ToolCallDelta delta) {
    Draft draft = draftFor(delta);
    String name = given(delta.name());
    draft.name = name == null ? draft.name : name;
    draft.arguments.append(delta.arguments());
    draft.asValue |= delta.asValue();
  }

  private Draft draftFor(StreamEvent.ToolCallDelta delta) {
    String id = given(delta.id());
    String name = given(delta.name());
    for (int i = drafts.size() - 1; i >= 0; i--) {
      Draft draft = drafts.get(i);
      if (draft.index != delta.index()) {
        continue;
      }
      if (id == null || id.equals(draft.id)) {
        return draft;
      }
      if (draft.id == null && (draft.name == null || name == null)) {
        draft.id = id; // an id that comes late
        return draft;
      }
    }
    Draft draft = new Draft(delta.index(), id);
    drafts.add(draft);
    return draft;
  }

  private static @Nullable String given(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  Assembled assemble() {
    List<ToolCall> calls = new ArrayList<>(drafts.size());
    Set<String> ids = new HashSet<>();
    Set<Repair> repairs = EnumSet.noneOf(Repair.class);
    for (Draft draft : drafts) {
      if (draft.name == null) {
        return new Assembled.Broken("a tool call has no name");
      }
      String arguments = draft.arguments.isEmpty() ? "{}" : draft.arguments.toString();
      String defect = defectIn(arguments);
      if (defect != null) {
        return new Assembled.Broken("the arguments of a tool call are " + defect);
      }
      if (draft.index != calls.size()) {
        repairs.add(Repair.INDEX);
      }
      if (draft.asValue) {
        repairs.add(Repair.ARGS_TYPE);
      }
      String id = draft.id;
      if (id == null || !ids.add(id)) {
        repairs.add(Repair.ID);
        id = ownId(ids, calls.size());
      }
      calls.add(new ToolCall(id, draft.name, arguments));
    }
    return new Assembled.Whole(calls, repairs);
  }

  private String ownId(Set<String> taken, int first) {
    int number = first;
    while (!taken.add(idPrefix + number)) {
      number++;
    }
    return idPrefix + number;
  }

  private static @Nullable String defectIn(String arguments) {
    byte[] bytes = arguments.getBytes(StandardCharsets.UTF_8);
    try (JsonCursor cursor = new JsonCursor(bytes)) {
      if (cursor.kind() != JsonKind.OBJECT) {
        return "not an object";
      }
      cursor.skip();
      cursor.expectEnd();
      return null;
    } catch (JsonFault e) {
      return "not whole JSON";
    }
  }
}
