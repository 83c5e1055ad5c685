package io.ppstp.tracker.cluster;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.config.Config;
import io.ppstp.tracker.cluster.HazelcastConfigs.ClusterConfigException;
import io.ppstp.tracker.config.ConfigLoader;
import io.ppstp.tracker.config.ConfigLoader.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beyond loopback the member port opens only if somebody has said that it may. */
class MemberPortTest {
  private static final String EXAMPLE_INTERFACE = "<interface>127.0.0.1</interface>";
  private static final String LOCAL_ADDRESS = "hazelcast.local.localAddress";

  private final Path folder;

  MemberPortTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private String example() throws IOException {
    return Files.readString(Path.of("cluster.xml"));
  }

  private String withInterfaces(String interfaces) throws IOException {
    return example().replace(EXAMPLE_INTERFACE, interfaces);
  }

  private static String network(String content) {
    return "<hazelcast xmlns=\"http://www.hazelcast.com/schema/config\">"
        + content
        + "</hazelcast>";
  }

  private Config read(String xml, String... settings) throws Exception {
    Path file = Files.writeString(folder.resolve("cluster.xml"), xml);
    List<String> all = new ArrayList<>(List.of("cluster.enabled=true", "cluster.config=" + file));
    all.addAll(List.of(settings));
    return HazelcastConfigs.of(ConfigLoader.load(null, Map.of(), all));
  }

  private void assertRefusedUnlessAllowed(String xml) {
    String message =
        String.valueOf(assertThrows(ClusterConfigException.class, () -> read(xml)).getMessage());
    assertEquals(1, message.lines().count());
    assertTrue(message.startsWith("cluster.config: by " + folder), message);
    assertTrue(message.contains("cluster.allow-plain-text=members"), message);
    for (String some : List.of("members", "true")) {
      assertDoesNotThrow(() -> read(xml, "cluster.allow-plain-text=" + some));
    }
  }

  @Test
  void whatTheJarBringsStaysOnLoopback() throws Exception {
    HazelcastConfigs.of(ConfigLoader.load(null, Map.of(), List.of("cluster.enabled=true")));
    read(example());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<interface>127.0.0.*</interface>",
        "<interface>127.1.2.3</interface><interface>::1</interface>",
        // Hazelcast takes 127.0.0.1 before all others.
        "<interface>10.1.2.*</interface><interface>127.0.0.1</interface>"
      })
  void loopbackNeedsNoLeave(String interfaces) throws Exception {
    read(withInterfaces(interfaces));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<interface>10.1.2.*</interface>",
        "<interface>10.1.2.3</interface><interface>127.0.0.2</interface>",
        "<interface>*.*.*.*</interface>",
        "<interface>127-128.0.0.1</interface>",
        "<interface>2001:db8::1</interface>",
        ""
      })
  void otherAddressesNeedLeave(String interfaces) throws IOException {
    assertRefusedUnlessAllowed(withInterfaces(interfaces));
  }

  @Test
  void allAddressesAndUnnamedOnesNeedLeave() throws IOException {
    assertRefusedUnlessAllowed(example().replace("bind.any\">false", "bind.any\">true"));
    assertRefusedUnlessAllowed(
        example().replace("<interfaces enabled=\"true\">", "<interfaces enabled=\"false\">"));
    assertRefusedUnlessAllowed(network(""));
    assertRefusedUnlessAllowed(
        network(
            "<properties><property name=\"hazelcast.socket.server.bind.any\">true</property>"
                + "</properties><network><interfaces enabled=\"true\"><interface>127.0.0.1"
                + "</interface></interfaces></network>"));
    assertRefusedUnlessAllowed(
        network(
            "<network><member-address-provider enabled=\"true\"><class-name>org.example.Provider"
                + "</class-name></member-address-provider></network>"));
  }

  /** Without a word about it, the tracker keeps Hazelcast from listening everywhere. */
  @Test
  void interfacesAreEnough() throws Exception {
    Config config =
        read(
            network(
                "<network><interfaces enabled=\"true\"><interface>127.0.0.1</interface>"
                    + "</interfaces></network>"));
    assertEquals("false", config.getProperty("hazelcast.socket.bind.any"));
  }

  @Test
  void everyPortOfHazelcastsCounts() throws Exception {
    String member =
        "<member-server-socket-endpoint-config><interfaces enabled=\"true\">"
            + "<interface>127.0.0.1</interface></interfaces>"
            + "</member-server-socket-endpoint-config>";
    String client =
        "<client-server-socket-endpoint-config><port>5801</port>"
            + "</client-server-socket-endpoint-config>";
    read(network("<advanced-network enabled=\"true\">" + member + "</advanced-network>"));
    assertRefusedUnlessAllowed(
        network("<advanced-network enabled=\"true\">" + member + client + "</advanced-network>"));
  }

  /** As the pods of {@code k8s/} are told where to listen, and before all else. */
  @ParameterizedTest
  @ValueSource(strings = {"10.1.2.3", "node.example", "127.example"})
  void anAddressOfTheCommandLineCounts(String address) throws Exception {
    String before = System.getProperty(LOCAL_ADDRESS);
    try {
      System.setProperty(LOCAL_ADDRESS, address);
      assertRefusedUnlessAllowed(example());
      System.setProperty(LOCAL_ADDRESS, "localhost");
      read(withInterfaces("<interface>10.1.2.3</interface>"));
    } finally {
      if (before == null) {
        System.clearProperty(LOCAL_ADDRESS);
      } else {
        System.setProperty(LOCAL_ADDRESS, before);
      }
    }
  }

  /** Its pods say that they may, see {@code k8s/base/tracker.yaml}. */
  @Test
  void theOneOfKubernetesNeedsLeave() throws IOException {
    assertRefusedUnlessAllowed(Files.readString(Path.of("k8s", "base", "cluster.xml")));
  }

  @Test
  void tlsOfTheBusDoesNothingForIt() throws Exception {
    Path pem = Files.writeString(folder.resolve("a.pem"), "pem");
    String xml = withInterfaces("<interface>10.1.2.3</interface>");
    String[] tls = {
      "cluster.tls.certificate=" + pem, "cluster.tls.key=" + pem, "cluster.tls.ca=" + pem
    };
    assertThrows(ClusterConfigException.class, () -> read(xml, tls));
  }

  @Test
  void thereIsNoOtherWordForIt() {
    assertThrows(ConfigException.class, () -> read(example(), "cluster.allow-plain-text=perhaps"));
  }
}
