package io.ppstp.tracker.ingress.connection;

import io.netty.bootstrap.ServerBootstrap;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.transport.Transport;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A transport that lets somebody add to how servers accept connections, and is another one in all
 * else. Thread-safe.
 *
 * <p>Vert.x has no hook of its own between the kernel and the TLS handshake; the transport's
 * service provider interface is handed the server's bootstrap. It is wrapped by a dynamic proxy,
 * since it grows new methods with default bodies that a handwritten wrapper would miss.
 */
final class GuardedTransport implements Transport {
  private final Transport wrapped;
  private final io.vertx.core.spi.transport.Transport implementation;

  GuardedTransport(Transport wrapped, BiConsumer<NetServerOptions, ServerBootstrap> onServer) {
    this.wrapped = wrapped;
    Class<io.vertx.core.spi.transport.Transport> type = io.vertx.core.spi.transport.Transport.class;
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          Object result = call(wrapped.implementation(), method, arguments);
          if (arguments != null
              && arguments.length == 3
              && arguments[0] instanceof NetServerOptions options
              && arguments[2] instanceof ServerBootstrap bootstrap) {
            onServer.accept(options, bootstrap);
          }
          return result;
        };
    this.implementation =
        type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  @Override
  public String name() {
    return wrapped.name();
  }

  @Override
  public boolean available() {
    return wrapped.available();
  }

  @Override
  public @Nullable Throwable unavailabilityCause() {
    return wrapped.unavailabilityCause();
  }

  @Override
  public io.vertx.core.spi.transport.Transport implementation() {
    return implementation;
  }
}
