package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class SignalsTest {
  private final List<String> calls = new CopyOnWriteArrayList<>();

  @Test
  void theFirstTermStopsAndTheSecondEndsAtOnce() throws Exception {
    install();
    raise("TERM");
    await().untilAsserted(() -> assertThat(calls).containsExactly("stop"));
    raise("TERM"); // INT is ignored by whoever runs in a script's background
    await().untilAsserted(() -> assertThat(calls).containsExactly("stop", "exit 143"));
  }

  @Test
  void everyHupReloads() throws Exception {
    install();
    raise("HUP");
    await().untilAsserted(() -> assertThat(calls).containsExactly("reload"));
    raise("HUP");
    await().untilAsserted(() -> assertThat(calls).containsExactly("reload", "reload"));
  }

  private void install() {
    Signals.install(
        () -> calls.add("stop"), () -> calls.add("reload"), code -> calls.add("exit " + code));
  }

  private static void raise(String name) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    signal
        .getMethod("raise", signal)
        .invoke(null, signal.getConstructor(String.class).newInstance(name));
  }
}
