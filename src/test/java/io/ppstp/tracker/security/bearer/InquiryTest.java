package io.ppstp.tracker.security.bearer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.IssuerServer;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** From where an issuer is asked; {@link DiscoveryTest} has what it may answer. */
class InquiryTest {
  private final Vertx vertx = Vertx.vertx();
  private final List<Boolean> askedOnEventLoop = new CopyOnWriteArrayList<>();

  /**
   * A response is lost on whoever does not look at it in the turn of the event loop that brings it,
   * as a thread that is paused between asking and looking does not.
   */
  @Test
  void theEventLoopAsksWhoeverWantsToKnow() throws IOException {
    try (IssuerServer issuer = IssuerServer.start()) {
      Inquiry inquiry = new Inquiry(watched(), 20_000);

      assertEquals(Buffer.buffer("{}"), Await.result(inquiry.get(issuer.url("/jwks"))));
      assertEquals(List.of(true), askedOnEventLoop);
    } finally {
      Await.result(vertx.close());
    }
  }

  /** Vert.x with HTTP clients that note on what kind of thread they are used. */
  private Vertx watched() {
    return proxy(
        Vertx.class,
        vertx,
        (method, result) ->
            result instanceof HttpClientAgent client
                ? proxy(HttpClientAgent.class, client, this::note)
                : result);
  }

  private Object note(String method, Object result) {
    if (method.equals("request")) {
      askedOnEventLoop.add(Context.isOnEventLoopThread());
    }
    return result;
  }

  /** Sees the result of each call of {@code target}. */
  private interface Seen {
    Object result(String method, Object result);
  }

  private static <T> T proxy(Class<T> type, T target, Seen seen) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) ->
                seen.result(method.getName(), method.invoke(target, arguments))));
  }
}
