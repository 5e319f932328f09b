package dev.plimsoll.ledger;

/** A store could not do what it was told; nothing of that is to be relied on. */
final class StoreFault extends Exception {
  private static final long serialVersionUID = 1L;
  private final WriteFault fault;
  private final boolean ofItsRows;

  private StoreFault(WriteFault fault, boolean ofItsRows, String message) {
    super(message, null, false, false);
    this.fault = fault;
    this.ofItsRows = ofItsRows;
  }

  /** The store is not as it should be. */
  static StoreFault ofStore(WriteFault fault, String message) {
    return new StoreFault(fault, false, message);
  }

  /** One of the rows would be refused by a sound store, too, and again and again. */
  static StoreFault ofItsRows(String message) {
    return new StoreFault(WriteFault.OTHER, true, message);
  }

  WriteFault fault() {
    return fault;
  }

  boolean ofItsRows() {
    return ofItsRows;
  }

  /** What happened, for an operator. */
  String words() {
    return String.valueOf(getMessage());
  }
}
