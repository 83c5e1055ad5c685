package io.ppstp.tracker.app;

import java.lang.reflect.Proxy;

/** The signal by which operators ask a process to read its files again. Stateless. */
final class SighupHandler {
  private SighupHandler() {}

  /** Runs {@code action} at every SIGHUP, on a thread of its own; where there is none, never. */
  static void onSignal(Runnable action) {
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
                  action.run();
                }
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), taker);
    } catch (ReflectiveOperationException e) {
      // A platform without the signal, or a JVM told to leave signals alone (-Xrs): changed files
      // are noticed all the same.
    }
  }
}
