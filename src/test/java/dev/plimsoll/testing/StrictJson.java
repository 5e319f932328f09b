package dev.plimsoll.testing;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * JSON by the letter of RFC 8259, read by hand: the second opinion that fuzz tests hold the
 * program's parser against.
 *
 * <p>Nothing is forgiven: one value, valid UTF-8, no byte order mark.
 *
 * @param root the value
 * @param depth how many containers lie within one another
 * @param longestNumber the most digits that one number has
 */
public record StrictJson(Value root, int depth, int longestNumber) {
  /** Enough for every limit that is tested, and far from the end of the stack. */
  private static final int DEEPEST = 1000;

  /** What the program promises to read. */
  private static final int MAX_DEPTH = 128;

  private static final int MAX_DIGITS = 1000;

  /** What a value is. */
  public enum Kind {
    OBJECT,
    ARRAY,
    STRING,
    NUMBER,
    BOOLEAN,
    NULL
  }

  /** One member of an object: the decoded name, where its quote stands, and the value. */
  public record Member(String name, int start, Value value) {}

  /**
   * A value and where it stands.
   *
   * @param text what a string stands for; of any other value its bytes
   * @param members of an object, in order, repeated names included
   * @param elements of an array
   */
  public record Value(
      Kind kind, int start, int end, String text, List<Member> members, List<Value> elements) {
    public Value {
      members = List.copyOf(members);
      elements = List.copyOf(elements);
    }

    /** Whether a name appears twice in this object itself. */
    public boolean repeatsName() {
      Set<String> names = new HashSet<>();
      return members.stream().anyMatch(member -> !names.add(member.name()));
    }

    /** Whether any name within it is like that. */
    public boolean hasName(Predicate<String> such) {
      return members.stream().anyMatch(one -> such.test(one.name()) || one.value().hasName(such))
          || elements.stream().anyMatch(element -> element.hasName(such));
    }

    /** All values of that name, in order. */
    public List<Value> all(String name) {
      return members.stream()
          .filter(member -> member.name().equals(name))
          .map(Member::value)
          .toList();
    }

    /** The last member of that name. */
    public Optional<Value> member(String name) {
      return members.reversed().stream()
          .filter(member -> member.name().equals(name))
          .map(Member::value)
          .findFirst();
    }
  }

  private static final class NotJson extends Exception {
    private static final long serialVersionUID = 1L;

    NotJson() {
      super("", null, false, false);
    }
  }

  /** What the bytes are; empty when they are not JSON. */
  public static Optional<StrictJson> read(byte[] bytes) {
    if (!isUtf8(bytes)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Reader(bytes).document());
    } catch (NotJson e) {
      return Optional.empty();
    }
  }

  /**
   * The same for the JSON that the program promises to read: no more than 128 containers within one
   * another, 1000 digits a number, and no name that has no form in Unicode.
   */
  public static Optional<StrictJson> readWithinLimits(byte[] bytes) {
    return read(bytes)
        .filter(json -> json.depth <= MAX_DEPTH && json.longestNumber <= MAX_DIGITS)
        .filter(json -> !json.root.hasName(StrictJson::hasLoneSurrogate));
  }

  private static boolean hasLoneSurrogate(String name) {
    return name.codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }

  /** Whether the bytes are well-formed UTF-8. */
  public static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /** Walks through the bytes once. */
  private static final class Reader {
    private final byte[] bytes;
    private int at;
    private int depth;
    private int deepest;
    private int longestNumber;

    Reader(byte[] bytes) {
      this.bytes = bytes;
    }

    private StrictJson document() throws NotJson {
      Value root = value();
      if (at < bytes.length) {
        throw new NotJson();
      }
      return new StrictJson(root, deepest, longestNumber);
    }

    /** A value with the white space around it. */
    private Value value() throws NotJson {
      blanks();
      int start = at;
      List<Member> members = new ArrayList<>();
      List<Value> elements = new ArrayList<>();
      Kind kind =
          switch (peek()) {
            case '{' -> object(members);
            case '[' -> array(elements);
            case '"' -> string();
            case 't' -> word("true", Kind.BOOLEAN);
            case 'f' -> word("false", Kind.BOOLEAN);
            case 'n' -> word("null", Kind.NULL);
            default -> number();
          };
      boolean quoted = kind == Kind.STRING;
      String text = quoted ? decoded(start + 1, at - 1) : text(start, at);
      Value value = new Value(kind, start, at, text, members, elements);
      blanks();
      return value;
    }

    private Kind object(List<Member> members) throws NotJson {
      enter();
      blanks();
      while (peek() != '}') {
        if (!members.isEmpty()) {
          take(',');
        }
        blanks();
        int start = at;
        string();
        String name = decoded(start + 1, at - 1);
        blanks();
        take(':');
        members.add(new Member(name, start, value()));
      }
      leave();
      return Kind.OBJECT;
    }

    private Kind array(List<Value> elements) throws NotJson {
      enter();
      blanks();
      while (peek() != ']') {
        if (!elements.isEmpty()) {
          take(',');
        }
        elements.add(value());
      }
      leave();
      return Kind.ARRAY;
    }

    private void enter() throws NotJson {
      at++;
      depth++;
      if (depth > DEEPEST) {
        throw new NotJson();
      }
      deepest = Math.max(deepest, depth);
    }

    private void leave() {
      at++;
      depth--;
    }

    private Kind string() throws NotJson {
      take('"');
      while (peek() != '"') {
        if (peek() < 0x20) {
          throw new NotJson();
        }
        if (peek() == '\\') {
          at++;
          escape();
        } else {
          at++;
        }
      }
      at++;
      return Kind.STRING;
    }

    private void escape() throws NotJson {
      int kind = peek();
      at++;
      if (kind == 'u') {
        for (int i = 0; i < 4; i++) {
          if (Character.digit(peek(), 16) < 0) {
            throw new NotJson();
          }
          at++;
        }
      } else if ("\"\\/bfnrt".indexOf(kind) < 0) {
        throw new NotJson();
      }
    }

    private String text(int from, int to) {
      return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    /** The inside of a string that was read before. */
    private String decoded(int from, int to) {
      String text = text(from, to);
      StringBuilder plain = new StringBuilder();
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c != '\\') {
          plain.append(c);
        } else if (text.charAt(++i) == 'u') {
          plain.append((char) Integer.parseInt(text.substring(i + 1, i + 5), 16));
          i += 4;
        } else {
          int known = "bfnrt".indexOf(text.charAt(i));
          plain.append(known < 0 ? text.charAt(i) : "\b\f\n\r\t".charAt(known));
        }
      }
      return plain.toString();
    }

    private Kind word(String word, Kind kind) throws NotJson {
      for (int i = 0; i < word.length(); i++) {
        take(word.charAt(i));
      }
      return kind;
    }

    private Kind number() throws NotJson {
      int digits = 0;
      if (peek() == '-') {
        at++;
      }
      if (peek() == '0') {
        at++;
        digits++;
      } else {
        digits += digits();
      }
      if (peek() == '.') {
        at++;
        digits += digits();
      }
      if (peek() == 'e' || peek() == 'E') {
        at++;
        if (peek() == '+' || peek() == '-') {
          at++;
        }
        digits += digits();
      }
      longestNumber = Math.max(longestNumber, digits);
      return Kind.NUMBER;
    }

    private int digits() throws NotJson {
      int start = at;
      while (peek() >= '0' && peek() <= '9') {
        at++;
      }
      if (at == start) {
        throw new NotJson();
      }
      return at - start;
    }

    private void blanks() {
      while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
        at++;
      }
    }

    private void take(int wanted) throws NotJson {
      if (peek() != wanted) {
        throw new NotJson();
      }
      at++;
    }

    /** The next byte; -1 at the end, which no rule allows. */
    private int peek() {
      return at < bytes.length ? bytes[at] & 0xFF : -1;
    }
  }
}
