package dev.plimsoll.calls;

/** What can be wrong with a tool call; a closed set. */
public enum Defect {
  /** Nothing says which tool it calls. */
  NO_NAME("it does not name a tool"),
  /** No tool of that name is declared. */
  UNKNOWN_TOOL("it names a tool that is not there"),
  /** The arguments are not one whole JSON object. */
  NOT_JSON("its arguments are not one whole JSON object"),
  /** The arguments lack what the tool's schema requires. */
  MISSING_ARGUMENT("a required argument is missing"),
  /** The arguments have a key that the tool's schema leaves no room for. */
  UNKNOWN_ARGUMENT("it has an argument that the tool does not take"),
  /** A value is not what the tool's schema asks for. */
  WRONG_VALUE("an argument has a value that the tool does not take"),
  /** It stands in the text, and is not complete there. */
  CUT_IN_TEXT("it stands in the answer's text and breaks off"),
  /** The model server says that it breaks off. */
  CUT("it breaks off"),
  /** The model server could not read it. */
  UNREADABLE("the model server could not read it");

  private final String words;

  Defect(String words) {
    this.words = words;
  }

  /** What is wrong, as the end of a sentence about the call. */
  public String words() {
    return words;
  }
}
