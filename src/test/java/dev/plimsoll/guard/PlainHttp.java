package dev.plimsoll.guard;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The requests of a connection as RFC 9112 writes them: what any other server would read there.
 *
 * <p>Strict where two servers could differ about where a request ends, and as lenient as the parser
 * in front of the guard where they cannot: empty lines and blanks around a request line, {@code
 * http} in small letters, a header folded over two lines, leading zeros of a length, chunk
 * extensions.
 */
final class PlainHttp {
  private static final Pattern START =
      Pattern.compile("[ \t]*([^ \t]+)[ \t]+([^ \t]+)[ \t]+(?i:HTTP)/1\\.([01])[ \t]*");
  private static final Pattern FIELD =
      Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*((?s:.)*?)[ \t]*");
  private static final Pattern CHUNK = Pattern.compile("0*([0-9a-fA-F]{1,7})(?:[ \t]*;(?s:.)*)?");
  private static final Pattern LENGTH = Pattern.compile("0*(\\d{1,9})");

  private final String text;
  private int at;

  /**
   * One request, whole.
   *
   * @param fields lines in order, {@code name: value} with the name in lower case
   * @param body one character a byte
   */
  record Request(String method, String target, List<String> fields, String body) {
    Request {
      fields = List.copyOf(fields);
    }

    /** The only field of that name. */
    Optional<String> field(String name) {
      List<String> found =
          fields.stream()
              .filter(field -> field.startsWith(name + ": "))
              .map(field -> field.substring(name.length() + 2))
              .toList();
      return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }
  }

  /** Not a request, or not a whole one. */
  private static final class NoRequest extends Exception {
    private static final long serialVersionUID = 1L;

    NoRequest() {
      super("", null, false, false);
    }
  }

  private PlainHttp(byte[] bytes) {
    text = new String(bytes, ISO_8859_1);
  }

  /** The whole requests at the start of these bytes, up to the first that is none. */
  static List<Request> requests(byte[] bytes) {
    PlainHttp plain = new PlainHttp(bytes);
    List<Request> found = new ArrayList<>();
    try {
      while (true) {
        found.add(plain.next());
      }
    } catch (NoRequest e) {
      return found;
    }
  }

  private Request next() throws NoRequest {
    while (at < text.length() && "\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    Matcher start = START.matcher(line());
    if (!start.matches()) {
      throw new NoRequest();
    }
    List<String> fields = fields();
    boolean old = start.group(3).equals("0");
    return new Request(start.group(1), start.group(2), fields, body(fields, old));
  }

  private String line() throws NoRequest {
    int end = text.indexOf("\r\n", at);
    if (end < 0 || text.substring(at, end).matches("(?s).*[\r\n\0].*")) {
      throw new NoRequest();
    }
    String line = text.substring(at, end);
    at = end + 2;
    return line;
  }

  private List<String> fields() throws NoRequest {
    List<String> fields = new ArrayList<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      if (!fields.isEmpty() && " \t".indexOf(line.charAt(0)) >= 0) {
        fields.set(fields.size() - 1, fields.getLast() + " " + trimmed(line));
        continue;
      }
      Matcher field = FIELD.matcher(line);
      if (!field.matches()) {
        throw new NoRequest();
      }
      fields.add(field.group(1).toLowerCase(Locale.ROOT) + ": " + field.group(2));
    }
    return fields;
  }

  private static String trimmed(String line) {
    return line.replaceAll("^[ \t]+|[ \t]+$", "");
  }

  private String body(List<String> fields, boolean old) throws NoRequest {
    List<String> lengths = values(fields, "content-length: ");
    List<String> codings = values(fields, "transfer-encoding: ");
    if (lengths.size() + codings.size() > 1) {
      throw new NoRequest();
    }
    if (!codings.isEmpty()) {
      if (old || !codings.getFirst().equalsIgnoreCase("chunked")) {
        throw new NoRequest();
      }
      return chunks();
    }
    return lengths.isEmpty() ? "" : take(number(LENGTH, lengths.getFirst(), 10));
  }

  private static List<String> values(List<String> fields, String start) {
    return fields.stream()
        .filter(field -> field.startsWith(start))
        .map(field -> field.substring(start.length()))
        .toList();
  }

  private static int number(Pattern form, String text, int radix) throws NoRequest {
    Matcher number = form.matcher(text);
    if (!number.matches()) {
      throw new NoRequest();
    }
    return Integer.parseInt(number.group(1), radix);
  }

  private String chunks() throws NoRequest {
    StringBuilder body = new StringBuilder();
    for (int size = number(CHUNK, line(), 16); size > 0; size = number(CHUNK, line(), 16)) {
      body.append(take(size));
      if (!line().isEmpty()) {
        throw new NoRequest();
      }
    }
    fields(); // trailers say nothing about the body
    return body.toString();
  }

  private String take(int count) throws NoRequest {
    if (count > text.length() - at) {
      throw new NoRequest();
    }
    String taken = text.substring(at, at + count);
    at += count;
    return taken;
  }
}
