package io.ppstp.tracker.app.process;

import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * The signal by which operators ask a process to read its files again. Thread-safe.
 *
 * <p>It is taken from the very start: one that comes before there is anything to read again would
 * end the process. It is remembered until then.
 */
public final class SighupHandler {
  private boolean deaf;
  private boolean pending;
  private @Nullable Runnable action;

  private SighupHandler() {}

  /** Takes the signal from now on. */
  public static SighupHandler install() {
    SighupHandler handler = new SighupHandler();
    handler.register();
    return handler;
  }

  /** Returns one that no signal comes to. */
  public static SighupHandler none() {
    SighupHandler handler = new SighupHandler();
    handler.deaf = true;
    return handler;
  }

  private void register() {
    try {
      // Named at run time only: the one class for signals is supported, but compiling against it
      // warns, and here warnings are errors.
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object taker =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  received();
                }
                return null;
              });
      Object before =
          signal
              .getMethod("handle", signal, handler)
              .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), taker);
      // Where the signal is ignored from the start, Java leaves it so.
      deaf = before != null && before == handler.getField("SIG_IGN").get(null);
    } catch (ReflectiveOperationException e) {
      // A platform without the signal, or a JVM told to leave signals alone (-Xrs): changed files
      // are noticed all the same.
      deaf = true;
    }
  }

  /** Returns whether the signal never comes, as in a process that was started under nohup. */
  public boolean isDeaf() {
    return deaf;
  }

  private void received() {
    Runnable now;
    synchronized (this) {
      now = action;
      pending = now == null;
    }
    if (now != null) {
      now.run();
    }
  }

  /** Runs {@code whenReceived} at every signal, on a thread of its own, and for an earlier one. */
  public void onSignal(Runnable whenReceived) {
    boolean missed;
    synchronized (this) {
      action = whenReceived;
      missed = pending;
      pending = false;
    }
    if (missed) {
      whenReceived.run();
    }
  }
}
