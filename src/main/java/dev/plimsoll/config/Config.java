package dev.plimsoll.config;

import java.util.List;

/** Everything that can be set, complete and in range: one record for each section of the file. */
public record Config(
    Listen listen,
    Admin admin,
    Upstream upstream,
    Context context,
    Compaction compaction,
    Recovery recovery,
    Stream stream,
    Compat compat,
    Store store,
    Log log) {

  public static final Config DEFAULT =
      new Config(
          Listen.DEFAULT,
          Admin.DEFAULT,
          Upstream.DEFAULT,
          Context.DEFAULT,
          Compaction.DEFAULT,
          Recovery.DEFAULT,
          Stream.DEFAULT,
          Compat.DEFAULT,
          Store.DEFAULT,
          Log.DEFAULT);

  static Config from(Settings settings) {
    return new Config(
        Listen.from(settings),
        Admin.from(settings),
        Upstream.from(settings),
        Context.from(settings),
        Compaction.from(settings),
        Recovery.from(settings),
        Stream.from(settings),
        Compat.from(settings),
        Store.from(settings),
        Log.from(settings));
  }

  /** The keys whose value in the next configuration takes effect only after a restart. */
  public List<String> restartKeysChangedTo(Config next) {
    return Keys.ALL.stream()
        .filter(key -> key.needsRestart() && key.differs(this, next))
        .map(Key::path)
        .toList();
  }
}
