package dev.plimsoll.admin;

/** A query parameter that cannot be used; its message goes to the caller. */
final class BadParameter extends Exception {
  private static final long serialVersionUID = 1L;
  private final String name;

  BadParameter(String name, String message) {
    super(message, null, false, false);
    this.name = name;
  }

  String parameter() {
    return name;
  }

  /** What is wrong, for the caller. */
  String words() {
    return String.valueOf(getMessage());
  }
}
