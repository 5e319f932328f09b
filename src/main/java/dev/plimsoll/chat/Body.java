package dev.plimsoll.chat;

import dev.plimsoll.json.JsonCursor;
import dev.plimsoll.json.JsonFault;
import dev.plimsoll.json.JsonKind;
import dev.plimsoll.json.JsonString;
import dev.plimsoll.json.Span;
import dev.plimsoll.json.Utf8;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request body: the client's bytes and the index of its top-level members.
 *
 * <p>Members come in the client's order. A key that appears twice is refused, since servers
 * disagree about which one counts.
 */
public final class Body {
  private final byte[] bytes;
  private final List<Member> members;

  Body(byte[] bytes, List<Member> members) {
    this.bytes = bytes;
    this.members = List.copyOf(members);
  }

  /** What a reader does with the member whose value stands next; it consumes the value. */
  @FunctionalInterface
  interface MemberReader {
    void read(String name, JsonCursor cursor) throws JsonFault, Invalid;
  }

  /** A request that is JSON but not the request it should be; carries the error as a value. */
  static final class Invalid extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient ApiError error;

    Invalid(String param, String message) {
      super(message, null, false, false);
      this.error = ApiError.invalid(param, message);
    }

    ApiError error() {
      return error;
    }
  }

  /** Reads any JSON object, without looking into its members. */
  public static Parsed<Body> parse(byte[] bytes) {
    try {
      return new Parsed.Good<>(index(bytes, (name, cursor) -> cursor.skip()));
    } catch (JsonFault e) {
      return new Parsed.Bad<>(notJson(e));
    } catch (Invalid e) {
      return new Parsed.Bad<>(e.error());
    }
  }

  static ApiError notJson(JsonFault fault) {
    return ApiError.of(
        ErrorCode.INVALID_JSON, "The request body is not valid JSON: " + fault.getMessage());
  }

  static Body index(byte[] bytes, MemberReader reader) throws JsonFault, Invalid {
    int flaw = Utf8.firstFlaw(bytes);
    if (flaw >= 0) {
      throw new JsonFault("it is not UTF-8 (byte " + flaw + ")");
    }
    List<Member> members = new ArrayList<>(16);
    Names names = new Names();
    try (JsonCursor cursor = new JsonCursor(bytes)) {
      if (cursor.kind() != JsonKind.OBJECT) {
        throw new JsonFault("the body must be an object, not " + cursor.kind().label());
      }
      cursor.enterObject();
      while (cursor.nextMember()) {
        members.add(member(cursor, reader, names));
      }
      cursor.expectEnd();
    }
    return new Body(bytes, members);
  }

  private static Member member(JsonCursor cursor, MemberReader reader, Names before)
      throws JsonFault, Invalid {
    String name = cursor.name();
    before.add("", name);
    JsonKind kind = cursor.kind();
    int keyStart = cursor.nameStart();
    int start = cursor.tokenStart();
    reader.read(name, cursor);
    int end = cursor.end();
    return new Member(name, new Span(keyStart, end), new Span(start, end), kind);
  }

  /** The client's bytes; never changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** The members in the client's order. */
  public List<Member> members() {
    return members;
  }

  /** The member of that name, unless it is absent. */
  public Optional<Member> member(String name) {
    return Optional.ofNullable(find(name));
  }

  /** The string member of that name, unless it is absent or no string. */
  public Optional<JsonString> string(String name) {
    Member member = find(name);
    return member == null || member.kind() != JsonKind.STRING
        ? Optional.empty()
        : Optional.of(JsonString.at(bytes, member.value()));
  }

  /** Whether the member of that name is {@code true}. */
  public boolean isTrue(String name) {
    Member member = find(name);
    return member != null
        && member.kind() == JsonKind.BOOLEAN
        && bytes[member.value().start()] == 't';
  }

  private @Nullable Member find(String name) {
    for (Member member : members) {
      if (member.name().equals(name)) {
        return member;
      }
    }
    return null;
  }
}
