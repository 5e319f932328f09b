package dev.plimsoll.admin;

import dev.plimsoll.json.JsonOut;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes the members of JSON objects one after the other, commas included. */
final class JsonFields {
  private final JsonOut out;
  private boolean first = true;

  JsonFields(JsonOut out) {
    this.out = out;
  }

  JsonOut out() {
    return out;
  }

  /** Begins an object without a name. */
  JsonFields begin() {
    separate();
    out.ascii('{');
    first = true;
    return this;
  }

  JsonFields begin(String name) {
    name(name).ascii('{');
    first = true;
    return this;
  }

  JsonFields end() {
    out.ascii('}');
    first = false;
    return this;
  }

  JsonFields beginArray(String name) {
    name(name).ascii('[');
    first = true;
    return this;
  }

  JsonFields endArray() {
    out.ascii(']');
    first = false;
    return this;
  }

  JsonFields text(String name, @Nullable String value) {
    JsonOut place = name(name);
    if (value == null) {
      place.ascii("null");
    } else {
      place.string(value);
    }
    return this;
  }

  JsonFields number(String name, @Nullable Long value) {
    name(name).ascii(value == null ? "null" : value.toString());
    return this;
  }

  JsonFields count(String name, long value) {
    name(name).number(value);
    return this;
  }

  /** A number between 0 and about 1, to four places. */
  JsonFields ratio(String name, @Nullable Double value) {
    name(name).ascii(value == null ? "null" : String.format(Locale.ROOT, "%.4f", value));
    return this;
  }

  JsonFields flag(String name, boolean value) {
    name(name).ascii(value ? "true" : "false");
    return this;
  }

  JsonFields nothing(String name) {
    name(name).ascii("null");
    return this;
  }

  /** ISO-8601 in UTC. */
  JsonFields time(String name, Instant value) {
    return text(name, value.toString());
  }

  private JsonOut name(String name) {
    separate();
    return out.string(name).ascii(':');
  }

  private void separate() {
    if (!first) {
      out.ascii(',');
    }
    first = false;
  }
}
