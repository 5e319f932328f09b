package dev.plimsoll.ledger;

/** Is told how a ledger's own work goes; called on the thread that writes, so it must be quick. */
public interface LedgerWatch {
  /** Nobody is told. */
  LedgerWatch NONE =
      new LedgerWatch() {
        @Override
        public void committed(int rows, long nanos) {}

        @Override
        public void failed(WriteFault fault) {}
      };

  /** So many changes became durable in one commit that took so long. */
  void committed(int rows, long nanos);

  /** A commit failed; its rows are kept in memory and tried again. */
  void failed(WriteFault fault);
}
