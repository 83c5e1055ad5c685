package io.ppstp.tracker.config;

import static io.ppstp.tracker.config.Configs.assertOneFault;
import static io.ppstp.tracker.config.Configs.faultsOfSet;
import static io.ppstp.tracker.config.Configs.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ppstp.tracker.config.Setting.RawValue;
import io.ppstp.tracker.config.TrackerConfig.ListedAddresses;
import io.ppstp.tracker.config.TrackerConfig.StatusMapping;
import io.ppstp.tracker.domain.ConnectRules.ConnectPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTypeTest {

  @ParameterizedTest
  @CsvSource({"1500ms, 1500", "10s, 10000", "3m, 180000", "1h, 3600000", "8760h, 31536000000"})
  void durations(String text, long milliseconds) throws Exception {
    assertEquals(Duration.ofMillis(milliseconds), set("timers.track=" + text).timers().track());
  }

  @ParameterizedTest
  @ValueSource(strings = {"3 parsecs", "10", "0s", "-1s", "1.5s", "8761h", "999999999999h", "1 s"})
  void notDurations(String text) {
    assertOneFault(
        faultsOfSet("timers.track=" + text),
        "timers.track (--set): '" + text + "' is not a duration; write 500ms, 10s, 3m or 1h",
        "");
  }

  @ParameterizedTest
  @CsvSource({"64KiB, 65536", "1MiB, 1048576", "1024B, 1024", "2000, 2000", "16MiB, 16777216"})
  void sizes(String text, int bytes) throws Exception {
    assertEquals(bytes, set("limits.body=" + text).limits().body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"512B", "17MiB", "1GiB", "64kb", "64 KiB", "-1", "1.5MiB", "99999999999"})
  void notSizes(String text) {
    assertOneFault(
        faultsOfSet("limits.body=" + text),
        "limits.body (--set): '" + text + "' is not a size from 1KiB to 16MiB; write 64KiB",
        "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-1", "65536", "080", "1e3", "0x50", "+1", "1_000", "99999999999999999999"})
  void notPorts(String text) {
    assertEquals(
        List.of("http.port (--set): '" + text + "' is not a whole number from 0 to 65535"),
        faultsOfSet("http.port=" + text));
  }

  @Test
  void longNumbers() {
    SettingType<Long> type = SettingType.longInteger(-5, 1L << 40);

    assertEquals(1L << 40, type.read(raw("1099511627776"), fault -> {}));
    assertEquals(-5, type.read(raw("-5"), fault -> {}));
    List<String> faults = new ArrayList<>();
    assertNull(type.read(raw("1099511627777"), faults::add));
    assertEquals(List.of("'1099511627777' is not a whole number from -5 to 1099511627776"), faults);
  }

  @Test
  void truth() throws Exception {
    assertEquals(true, set("policy.strict=True").policy().strict());
    assertEquals(
        List.of("policy.strict (--set): 'yes' is not true or false"),
        faultsOfSet("policy.strict=yes"));
  }

  @Test
  void choices() throws Exception {
    assertEquals(StatusMapping.ALWAYS_200, set("http.status=always-200").http().status());
    assertEquals(ConnectPolicy.ADDITIVE, set("policy.connect=additive").policy().connect());
    assertEquals(ListedAddresses.BEST, set("peer-list.addresses=best").peerList().addresses());
    assertEquals(
        List.of("policy.connect (--set): 'TABLE6' is not one of table6, additive"),
        faultsOfSet("policy.connect=TABLE6"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1", "::1", "0:0:0:0:0:0:0:1"})
  void hosts(String text) throws Exception {
    assertEquals(text, set("http.host=" + text).http().host());
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost", "localhost:80", "[::1]", "a b", ":::", "1:2"})
  void notHosts(String text) {
    assertOneFault(
        faultsOfSet("http.host=" + text),
        "http.host (--set): '" + text + "' is not a host; write a host name or an IP address",
        "brackets");
    assertOneFault(faultsOfSet("http.host="), "http.host (--set): has no value", "brackets");
  }

  @Test
  void paths() throws Exception {
    assertEquals(Optional.of(Path.of("a/b.pem")), set("https.key=a/b.pem").https().key());
    assertOneFault(faultsOfSet("https.key=a\0b"), "https.key (--set): 'a b' is not a path", "");
  }

  @Test
  void rangesOfPorts() throws Exception {
    assertEquals(
        List.of("53", "1-65535"),
        set("addresses.refused-ports=53, 1-65535").addresses().refusedPorts());
    assertEquals(List.of(), set("addresses.refused-ports=").addresses().refusedPorts());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "65536", "2-1", "1-65536", "0-9", "-5", "1-", "1-2-3", "053", "dns"})
  void notRangesOfPorts(String text) {
    assertOneFault(
        faultsOfSet("addresses.refused-ports=" + text),
        "addresses.refused-ports (--set): '" + text + "' is not a port or a range of ports",
        "from 1 to 65535");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "192.0.2",
        "192.0.2.0/33",
        "192.0.2.0/",
        "192.0.2.0/08",
        "::/129",
        "fe80::1%lo",
        "host",
        "[::1]",
        "192.0.2.0/-1"
      })
  void notRanges(String text) {
    assertOneFault(
        faultsOfSet("limits.exempt=::/0," + text),
        "limits.exempt (--set): '" + text + "' is not an address or a range; write addresses such",
        "192.0.2.0/24");
  }

  @Test
  void ranges() throws Exception {
    assertEquals(
        List.of("192.0.2.0/24", "::1", "0.0.0.0/0"),
        set("limits.exempt=192.0.2.0/24, ::1,0.0.0.0/0").limits().exempt());
    assertEquals(List.of(), set("limits.exempt=").limits().exempt());
    assertEquals(List.of("127.0.0.0/8", "::1"), set().limits().exempt());
  }

  @Test
  void urlPathsBeginWithASlash() {
    String advice = " is not a URL path; write paths that begin with a slash, such as /ppstp";

    assertEquals(
        List.of("http.paths (--set): 'a'" + advice, "http.paths (--set): '/b?c'" + advice),
        faultsOfSet("http.paths=a,/ok,/b?c"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "peer-list.default=30",
        "peer-list.maximum=0",
        "limits.depth=7",
        "limits.depth=65",
        "limits.in-flight=0",
        "limits.addresses-per-peer=33",
        "limits.peer-id=2049",
        "limits.swarm-id=131071",
        "limits.expiry-batch=1000001",
        "instances.swarm=65"
      })
  void numbersHaveTheirRange(String assignment) {
    String key = assignment.substring(0, assignment.indexOf('='));

    assertOneFault(faultsOfSet(assignment), key + " (--set): '", "");
  }

  private static RawValue raw(String text) {
    return RawValue.text(Settings.all().get(0), text, "test");
  }
}
