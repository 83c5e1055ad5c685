package io.ppstp.tracker.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.config.SerializationConfig;
import com.hazelcast.internal.serialization.InternalSerializationService;
import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import io.ppstp.tracker.cluster.MemberClasses.NamedClasses;
import java.util.Properties;
import java.util.ServiceLoader;
import javax.naming.Context;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;
import org.example.Gadget;
import org.junit.jupiter.api.Test;
import org.slf4j.spi.SLF4JServiceProvider;

/** The class loader, by itself: strict with readers of bytes, and unnoticed by everybody else. */
class NamedClassesTest {
  private final ClassLoader parent = getClass().getClassLoader();
  private final ClassLoader loader =
      new NamedClasses(parent, name -> name.matches("(java\\.(lang|util)|com\\.hazelcast)\\..*"));

  @Test
  void othersFindWhatItsParentHas() throws Exception {
    assertSame(Gadget.class, loader.loadClass(Gadget.class.getName()));
    assertSame(Gadget[].class, Class.forName(Gadget[].class.getName(), false, loader));
    assertThrows(ClassNotFoundException.class, () -> loader.loadClass("org.example.NoSuchClass"));
  }

  /** Hazelcast's threads have it, and look for their members in the DNS on Kubernetes. */
  @Test
  void itServesAsContextClassLoader() throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      Properties dns = new Properties();
      dns.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
      dns.put(Context.PROVIDER_URL, "dns://127.0.0.1");
      DirContext context = new InitialDirContext(dns);
      context.close();
      assertTrue(ServiceLoader.load(SLF4JServiceProvider.class).findFirst().isPresent());
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void readersFindWhatIsListed() {
    InternalSerializationService all = service(parent);
    InternalSerializationService listed = service(loader);
    try {
      Object refused = all.toData(new Gadget.OfHazelcast(1));
      int before = Gadget.timesRead();
      HazelcastSerializationException refusal =
          assertThrows(
              HazelcastSerializationException.class, () -> listed.<Object>toObject(refused));
      assertTrue(String.valueOf(refusal.getMessage()).contains(Gadget.class.getName()));
      assertEquals(before, Gadget.timesRead());
      Object sound = all.toData(new IllegalStateException("told"));
      assertEquals("told", listed.<Exception>toObject(sound).getMessage());
    } finally {
      all.dispose();
      listed.dispose();
    }
  }

  private static InternalSerializationService service(ClassLoader loader) {
    return new DefaultSerializationServiceBuilder()
        .setClassLoader(loader)
        .setConfig(new SerializationConfig())
        .build();
  }
}
