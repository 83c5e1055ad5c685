package io.ppstp.tracker.cluster;

import java.util.function.Predicate;

/**
 * The class loader of a Hazelcast member, which refuses classes that only the bytes of another node
 * ask for. Whatever else is loaded through it (Hazelcast makes it the context class loader of its
 * threads) is found as in its parent. Thread-safe.
 *
 * <p>The refusal is a {@link SecurityException}, for a {@link ClassNotFoundException} makes
 * Hazelcast ask the next class loader.
 */
final class NamedClasses extends ClassLoader {
  /** Whose code reads bytes, and makes objects of classes that they name. */
  private static final String READERS = "com.hazelcast.internal.serialization.";

  private static final StackWalker STACK = StackWalker.getInstance();

  private final Predicate<String> allowed;

  /** Makes one that gives {@code allowed} classes, by their names, to readers of bytes. */
  NamedClasses(ClassLoader parent, Predicate<String> allowed) {
    super(parent);
    this.allowed = allowed;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!allowed.test(name) && isAskedByReader()) {
      throw new SecurityException("another node names a class that it may not: " + name);
    }
    return super.loadClass(name, resolve);
  }

  private static boolean isAskedByReader() {
    return STACK.walk(frames -> frames.anyMatch(frame -> frame.getClassName().startsWith(READERS)));
  }
}
