package io.ppstp.tracker.config;

import static io.ppstp.tracker.config.Configs.assertOneFault;
import static io.ppstp.tracker.config.Configs.faultsOfSet;
import static io.ppstp.tracker.config.Configs.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.config.ClusterConfig.PlainText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterChecksTest {
  private static final String ON = "cluster.enabled=true";

  private final Path folder;
  private final String pem;

  ClusterChecksTest(@TempDir Path folder) throws Exception {
    this.folder = folder;
    this.pem = Files.writeString(folder.resolve("a.pem"), "pem").toString();
  }

  private List<String> tls() {
    return List.of(
        "cluster.tls.certificate=" + pem, "cluster.tls.key=" + pem, "cluster.tls.ca=" + pem);
  }

  private String[] with(List<String> more, String... settings) {
    return Stream.concat(Stream.of(settings), more.stream()).toArray(String[]::new);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "10.1.2.3", "2001:db8::1", "node.example"})
  void aBusBeyondLoopbackNeedsTlsOrLeave(String host) throws Exception {
    for (String key : List.of("cluster.bus.host", "cluster.bus.public-host")) {
      String bus = key + "=" + host;
      for (String leave : List.of("false", "members")) {
        assertOneFault(
            faultsOfSet(ON, bus, "cluster.allow-plain-text=" + leave),
            key + " (--set): '" + host + "' is not loopback, and whoever reaches an event bus",
            "or cluster.allow-plain-text=true where network rules keep others out");
      }
      assertEquals(
          PlainText.TRUE, set(ON, bus, "cluster.allow-plain-text=true").cluster().allowPlainText());
      assertTrue(set(with(tls(), ON, bus)).cluster().tls().enabled());
      assertFalse(set(bus).cluster().enabled(), "without a cluster there is no bus");
    }
  }

  @Test
  void bothHostsBeyondLoopbackAreOneFault() {
    assertOneFault(
        faultsOfSet(ON, "cluster.bus.host=0.0.0.0", "cluster.bus.public-host=node.example"),
        "cluster.bus.host (--set)",
        "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1", "localhost"})
  void aBusOnLoopbackNeedsNothing(String host) throws Exception {
    set(ON, "cluster.bus.host=" + host, "cluster.bus.public-host=" + host);
  }

  @Test
  void tlsIsWholeOrNotThere() {
    for (int missing = 0; missing < 3; missing++) {
      String left = tls().get(missing);
      List<String> rest = tls().stream().filter(setting -> !setting.equals(left)).toList();
      assertOneFault(
          faultsOfSet(with(rest, ON, "cluster.bus.host=0.0.0.0")),
          "cluster.tls.certificate (",
          "set all three");
    }
  }

  @Test
  void filesAreReadable() {
    assertOneFault(
        faultsOfSet(ON, "cluster.config=" + folder),
        "cluster.config (--set): '" + folder + "' cannot be read",
        "name a Hazelcast XML file such as cluster.xml");
    assertOneFault(
        faultsOfSet(
            ON,
            "cluster.tls.certificate=" + pem,
            "cluster.tls.key=/no.pem",
            "cluster.tls.ca=" + pem),
        "cluster.tls.key (--set): '/no.pem' does not exist; name a PEM file",
        "");
  }

  @Test
  void aCheckIsLeftOutWhenItsValuesWereRefused() {
    assertOneFault(
        faultsOfSet(ON, "cluster.bus.host=0.0.0.0", "cluster.allow-plain-text=maybe"),
        "cluster.allow-plain-text (--set): 'maybe' is not one of false, members, true",
        "");
  }
}
