package dev.plimsoll.cli;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/**
 * Turns the signals of the operating system into calls: TERM and INT stop, HUP reloads.
 *
 * <p>The first TERM or INT runs the callback, on a thread of its own; a second one ends the process
 * at once with 143. {@code sun.misc.Signal} is the only way to hear of HUP, and is reached by
 * reflection because naming it is a warning of javac that cannot be switched off.
 */
final class Signals {
  private static final int ENDED_BY_TERM = 143;

  private final Runnable stop;
  private final Runnable reload;
  private final IntConsumer exit;
  private final AtomicBoolean stopping = new AtomicBoolean();

  private Signals(Runnable stop, Runnable reload, IntConsumer exit) {
    this.stop = stop;
    this.reload = reload;
    this.exit = exit;
  }

  /**
   * Listens from now on.
   *
   * @param stop runs at the first TERM or INT; where signals cannot be heard it runs as a shutdown
   *     hook, and the process ends when it returns
   * @param reload runs at every HUP
   */
  static void install(Runnable stop, Runnable reload) {
    // halt and not exit: a hook that hangs may be why somebody sends the second signal.
    install(stop, reload, Runtime.getRuntime()::halt);
  }

  static void install(Runnable stop, Runnable reload, IntConsumer exit) {
    Signals signals = new Signals(stop, reload, exit);
    boolean heard = handle("TERM", signals::stop);
    heard &= handle("INT", signals::stop);
    handle("HUP", signals.reload);
    if (!heard) {
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(stop));
    }
  }

  private void stop() {
    if (stopping.compareAndSet(false, true)) {
      stop.run();
    } else {
      exit.accept(ENDED_BY_TERM);
    }
  }

  /** Whether the signal exists here and now leads to the action. */
  private static boolean handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> type = Class.forName("sun.misc.SignalHandler");
      Object named = signal.getConstructor(String.class).newInstance(name);
      signal.getMethod("handle", signal, type).invoke(null, named, handler(type, signal, action));
      return true;
    } catch (InvocationTargetException e) {
      return false; // Windows knows no HUP, and a JVM may keep a signal to itself
    } catch (ReflectiveOperationException e) {
      return false; // a Java runtime without jdk.unsupported
    }
  }

  private static Object handler(Class<?> type, Class<?> signal, Runnable action)
      throws ReflectiveOperationException {
    MethodHandle run =
        MethodHandles.lookup()
            .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
            .bindTo(action);
    return MethodHandleProxies.asInterfaceInstance(
        type, MethodHandles.dropArguments(run, 0, signal));
  }
}
