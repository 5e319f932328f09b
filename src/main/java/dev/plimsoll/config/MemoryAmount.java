package dev.plimsoll.config;

/** A share of the heap in percent, or a number of bytes. */
record MemoryAmount(int minPercent, int maxPercent, ByteSize size)
    implements ValueType<MemoryLimit> {
  @Override
  public String accepted() {
    return "a share of the heap from "
        + minPercent
        + "% to "
        + maxPercent
        + "%, or "
        + size.accepted();
  }

  @Override
  public Read<MemoryLimit> read(String text) {
    if (text.matches("\\d{1,3}%")) {
      int percent = Integer.parseInt(text.substring(0, text.length() - 1));
      return percent < minPercent || percent > maxPercent
          ? ValueType.refuse(text, "is out of range")
          : new Read.Good<>(new MemoryLimit.HeapShare(percent));
    }
    return switch (size.read(text)) {
      case Read.Good<Long>(Long value) -> new Read.Good<>(new MemoryLimit.Size(value));
      case Read.Bad<Long>(String why) -> new Read.Bad<>(why);
    };
  }

  @Override
  public String write(MemoryLimit value) {
    return switch (value) {
      case MemoryLimit.HeapShare(int percent) -> percent + "%";
      case MemoryLimit.Size(long bytes) -> size.write(bytes);
    };
  }
}
