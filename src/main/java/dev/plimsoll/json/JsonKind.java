package dev.plimsoll.json;

/** The six kinds of JSON values. */
public enum JsonKind {
  OBJECT("an object"),
  ARRAY("an array"),
  STRING("a string"),
  NUMBER("a number"),
  BOOLEAN("true or false"),
  NULL("null");

  private final String label;

  JsonKind(String label) {
    this.label = label;
  }

  /** The kind in words, with its article, for messages. */
  public String label() {
    return label;
  }
}
