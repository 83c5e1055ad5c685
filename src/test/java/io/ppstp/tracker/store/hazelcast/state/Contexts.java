package io.ppstp.tracker.store.hazelcast.state;

import com.hazelcast.core.HazelcastInstance;
import java.lang.reflect.Proxy;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Hazelcast instances that have a user context and nothing else. Stateless. */
final class Contexts {
  private Contexts() {}

  static HazelcastInstance holding(NodeState node) {
    ConcurrentMap<String, Object> context = new ConcurrentHashMap<>();
    node.attachTo(context);
    return (HazelcastInstance)
        Proxy.newProxyInstance(
            Contexts.class.getClassLoader(),
            new Class<?>[] {HazelcastInstance.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("getUserContext")) {
                return context;
              }
              throw new UnsupportedOperationException(method.getName());
            });
  }
}
