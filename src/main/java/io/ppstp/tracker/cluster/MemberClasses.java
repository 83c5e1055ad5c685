package io.ppstp.tracker.cluster;

import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import io.vertx.core.Vertx;
import java.util.function.Predicate;

/**
 * Which classes may be made of bytes that came from another node. A node is made to run foreign
 * code by having it make objects of classes that happen to lie in the jar; there are three ways in:
 *
 * <ul>
 *   <li>Java serialization, which Hazelcast uses for exceptions and for what it knows no better way
 *       for. Its filter is given our list, and its own, which is most of the JDK, is switched off.
 *   <li>Hazelcast's {@code DataSerializable} and compact formats, which name a class for it to be
 *       made without any filter. A class loader refuses names that are not on the list.
 *   <li>The event bus's codecs for serializable objects. None of ours are needed, so none are read.
 * </ul>
 *
 * <p>Stateless.
 */
final class MemberClasses {
  private static final ClassFilter ALLOWED =
      new ClassFilter()
          .addPrefixes("io.ppstp.tracker.", "com.hazelcast.")
          // What Vert.x keeps in maps. Of its package no more: its DataSerializableHolder makes an
          // object of any class that bytes name, and takes any length for true.
          .addClasses(
              "io.vertx.spi.cluster.hazelcast.impl.HazelcastNodeInfo",
              "io.vertx.spi.cluster.hazelcast.impl.HazelcastRegistrationInfo")
          // Exceptions and what they consist of. Of java.lang, neither invoke nor reflect.
          .addPackages("java.lang")
          .addClasses(
              "[Ljava.lang.StackTraceElement;",
              "java.io.EOFException",
              "java.io.IOException",
              "java.io.UncheckedIOException",
              "java.net.ConnectException",
              "java.net.SocketException",
              "java.net.SocketTimeoutException",
              "java.net.UnknownHostException",
              "java.nio.channels.ClosedChannelException",
              "java.util.ArrayList",
              "java.util.Collections$EmptyList",
              "java.util.Collections$UnmodifiableCollection",
              "java.util.Collections$UnmodifiableList",
              "java.util.Collections$UnmodifiableRandomAccessList",
              "java.util.ConcurrentModificationException",
              "java.util.NoSuchElementException",
              "java.util.concurrent.CancellationException",
              "java.util.concurrent.CompletionException",
              "java.util.concurrent.ExecutionException",
              "java.util.concurrent.RejectedExecutionException",
              "java.util.concurrent.TimeoutException");

  private MemberClasses() {}

  /** Keeps a member from making objects of other classes. */
  static void guard(Config config) {
    config
        .getSerializationConfig()
        .setJavaSerializationFilterConfig(only(ALLOWED))
        // Fills the fields of any class; nothing of ours needs it.
        .getCompactSerializationConfig()
        .setZeroConfigFilter(only(new ClassFilter()));
    ClassLoader all = MemberClasses.class.getClassLoader();
    config.setClassLoader(new NamedClasses(all, ALLOWED::isListed));
  }

  private static JavaSerializationFilterConfig only(ClassFilter classes) {
    return new JavaSerializationFilterConfig().setDefaultsDisabled(true).setWhitelist(classes);
  }

  /** Keeps the event bus from making objects of any class that a message names. */
  static void guard(Vertx vertx) {
    vertx
        .eventBus()
        .clusterSerializableChecker(className -> false)
        .serializableChecker(className -> false);
  }

  /**
   * The class loader of a Hazelcast member, which refuses classes that only the bytes of another
   * node ask for. Whatever else is loaded through it (Hazelcast makes it the context class loader
   * of its threads) is found as in its parent. Thread-safe.
   *
   * <p>The refusal is a {@link SecurityException}, for a {@link ClassNotFoundException} makes
   * Hazelcast ask the next class loader.
   */
  static final class NamedClasses extends ClassLoader {
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
      return STACK.walk(
          frames -> frames.anyMatch(frame -> frame.getClassName().startsWith(READERS)));
    }
  }
}
