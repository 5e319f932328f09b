package dev.plimsoll.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Walks over JSON bytes and tells where values stand, without building a tree.
 *
 * <p>The loop over an object reads: {@code enterObject(); while (nextMember()) { … }}; over an
 * array {@code enterArray(); while (nextElement()) { … }}. Within a step exactly one of {@link
 * #skip}, {@link #text}, {@link #enterObject} and {@link #enterArray} consumes the value. Depth is
 * limited to {@value #MAX_DEPTH}. Not thread-safe; used by one parse.
 */
public final class JsonCursor implements AutoCloseable {
  /** Deeper nesting is refused: no agent needs it, and it costs stack elsewhere. */
  public static final int MAX_DEPTH = 128;

  /** How Jackson begins to speak of a word that it does not know. */
  private static final String WORD = "Unrecognized token";

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(1000)
                  .build())
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          // JSON is UTF-8. A guess at UTF-16 would cost the byte offsets, and a stray NUL makes
          // one.
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          // Names come from strangers; the JVM's table of strings is not theirs to fill.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          // Not one for each thread: a turn's virtual thread would keep its buffers while it waits.
          .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
          .build();

  private static final int NOT_A_STRING = -1;

  private final JsonParser parser;
  private final byte[] bytes;
  private final int base;
  private final int limit;
  private JsonToken token = JsonToken.NOT_AVAILABLE;
  private int nameStart;
  private int skippedStringEnd = NOT_A_STRING;

  /** Starts before the first value of {@code bytes}. */
  public JsonCursor(byte[] bytes) throws JsonFault {
    this(bytes, new Span(0, bytes.length));
  }

  /** Starts before the first value of a span; offsets are told relative to the whole array. */
  public JsonCursor(byte[] bytes, Span span) throws JsonFault {
    this.bytes = bytes;
    base = span.start();
    limit = span.length();
    try {
      parser = FACTORY.createParser(bytes, span.start(), span.length());
    } catch (IOException e) {
      throw new IllegalStateException("opening a parser over memory", e);
    }
    advance();
  }

  /** The kind of the value that stands next. */
  public JsonKind kind() throws JsonFault {
    return switch (token) {
      case START_OBJECT -> JsonKind.OBJECT;
      case START_ARRAY -> JsonKind.ARRAY;
      case VALUE_STRING -> JsonKind.STRING;
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> JsonKind.NUMBER;
      case VALUE_TRUE, VALUE_FALSE -> JsonKind.BOOLEAN;
      case VALUE_NULL -> JsonKind.NULL;
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new JsonFault("a JSON value is missing" + place());
    };
  }

  /** Steps into the object that stands next. */
  public void enterObject() throws JsonFault {
    expect(JsonKind.OBJECT);
  }

  /** Steps into the array that stands next. */
  public void enterArray() throws JsonFault {
    expect(JsonKind.ARRAY);
    advance();
  }

  /** Moves to the next member's value; false at the object's end, which is then left. */
  public boolean nextMember() throws JsonFault {
    advance();
    if (token == JsonToken.END_OBJECT) {
      return false;
    }
    nameStart = tokenStart();
    advance();
    return true;
  }

  /** The offset at which the name of the current member begins, quote included. */
  public int nameStart() {
    return nameStart;
  }

  /** The name of the member whose value stands next. */
  public String name() throws JsonFault {
    try {
      return parser.currentName();
    } catch (IOException e) {
      throw fault(e);
    }
  }

  /** Whether an element stands next; false at the array's end, which is then left. */
  public boolean nextElement() {
    return token != JsonToken.END_ARRAY;
  }

  /** Moves past an element that was consumed. Call it at the end of each step over an array. */
  public void endElement() throws JsonFault {
    advance();
  }

  /** Consumes the value that stands next and tells where it stands. */
  public Span skip() throws JsonFault {
    kind();
    int start = tokenStart();
    if (token == JsonToken.VALUE_STRING) {
      return skipString(start);
    }
    try {
      if (token.isNumeric()) {
        // Jackson has taken one blank more behind a number that stands outside of any container.
        return new Span(start, start + parser.getTextLength());
      }
      parser.skipChildren();
      parser.finishToken();
    } catch (IOException e) {
      throw fault(e);
    }
    return new Span(start, end());
  }

  /** Finds a string's end without decoding it; the parser checks its inside when it moves on. */
  private Span skipString(int start) throws JsonFault {
    int end = base + limit;
    for (int i = start + 1; i < end; i++) {
      byte b = bytes[i];
      if (b == '"') {
        skippedStringEnd = i + 1;
        return new Span(start, skippedStringEnd);
      }
      if (b == '\\') {
        i++;
      }
    }
    throw new JsonFault("the JSON ends within a string" + place(), true);
  }

  /** The offset at which the value that stands next begins. */
  public int tokenStart() {
    return base + Math.toIntExact(parser.currentTokenLocation().getByteOffset());
  }

  /** The offset behind what was consumed so far. */
  public int end() {
    return skippedStringEnd != NOT_A_STRING
        ? skippedStringEnd
        : base + Math.toIntExact(parser.currentLocation().getByteOffset());
  }

  /** The decoded text of the scalar that stands next. */
  public String text() throws JsonFault {
    try {
      return parser.getText();
    } catch (IOException e) {
      throw fault(e);
    }
  }

  /** The number that stands next, cut to a long; a fault when it is none or does not fit. */
  public long integer() throws JsonFault {
    if (kind() != JsonKind.NUMBER) {
      throw new JsonFault("a number is expected" + place());
    }
    try {
      return parser.getLongValue();
    } catch (IOException e) {
      throw fault(e);
    }
  }

  /** Consumes the value that stands next: its text when it is a string, else null. */
  public @Nullable String textOrNull() throws JsonFault {
    String found = token == JsonToken.VALUE_STRING ? text() : null;
    skip();
    return found;
  }

  /** Consumes the value that stands next: a view of it when it is a string, else null. */
  public @Nullable JsonString stringOrNull() throws JsonFault {
    boolean isString = token == JsonToken.VALUE_STRING;
    Span span = skip();
    return isString ? JsonString.at(bytes, span) : null;
  }

  /** Consumes the value that stands next: its whole part when it is a number, else the other. */
  public long integerOr(long other) throws JsonFault {
    long value = kind() == JsonKind.NUMBER ? integer() : other;
    skip();
    return value;
  }

  /** Whether the literal {@code true} stands next. */
  public boolean isTrue() {
    return token == JsonToken.VALUE_TRUE;
  }

  /** Checks that nothing but white space follows the value that was consumed. */
  public void expectEnd() throws JsonFault {
    try {
      if (parser.nextToken() != null) {
        throw new JsonFault("there is more after the end of the JSON value" + place());
      }
    } catch (IOException e) {
      throw fault(e);
    }
  }

  @Override
  public void close() {
    try {
      parser.close();
    } catch (IOException e) {
      throw new IllegalStateException("closing a parser over memory", e);
    }
  }

  private void expect(JsonKind wanted) throws JsonFault {
    if (kind() != wanted) {
      throw new JsonFault(wanted.label() + " is expected" + place());
    }
  }

  private void advance() throws JsonFault {
    try {
      JsonToken next = parser.nextToken();
      if (next == null) {
        throw new JsonFault("the JSON ends too early" + place(), true);
      }
      token = next;
      skippedStringEnd = NOT_A_STRING;
    } catch (IOException e) {
      throw fault(e);
    }
  }

  private String place() {
    var at = parser.currentTokenLocation();
    return " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
  }

  private JsonFault fault(IOException e) {
    if (e instanceof JsonFault fault) {
      return fault;
    }
    if (e instanceof JacksonException jackson) {
      var at = jackson.getLocation();
      String where =
          at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
      String words = firstLine(jackson.getOriginalMessage());
      return new JsonFault(unquoted(words) + where, isCut(words));
    }
    return new JsonFault(firstLine(String.valueOf(e.getMessage())));
  }

  /**
   * Whether the bytes end too early, be it within a word or number such as {@code tru} or {@code
   * 2.}.
   */
  private boolean isCut(String words) {
    boolean within = words.startsWith(WORD) || words.contains("in numeric value");
    return words.contains("end-of-input")
        || (within && parser.currentLocation().getByteOffset() >= limit);
  }

  /** Jackson's words may be shown to a client, but for those that quote more than one character. */
  private static String unquoted(String words) {
    if (words.startsWith(WORD)) {
      return "a word that is no JSON value";
    }
    return words.startsWith("Numeric value") ? "a number is out of range" : words;
  }

  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }
}
