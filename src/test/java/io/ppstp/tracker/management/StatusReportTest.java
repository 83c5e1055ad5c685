package io.ppstp.tracker.management;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.ppstp.tracker.cluster.ClusterView;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.store.TrackerStore.Census;
import io.ppstp.tracker.store.hazelcast.StoreFigures;
import io.ppstp.tracker.testing.FakeClock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The exact text of {@code /status}, which scripts of operators read. */
class StatusReportTest {
  private final FakeClock clock = new FakeClock(1_790_000_000_000L);
  private final TrackerMetrics metrics =
      new TrackerMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));

  private StatusReport report(Optional<?> cluster) {
    return report(cluster, Optional.empty());
  }

  private StatusReport report(Optional<?> cluster, Optional<?> webtorrent) {
    return new StatusReport(
        new NodeHealth(
            "1.2", "n1", () -> true, () -> true, () -> cluster, () -> webtorrent, Optional::empty),
        clock,
        metrics);
  }

  @Test
  void aNodeAloneSaysNothingOfACluster() {
    assertEquals(
        text(
            "{'version':'1.2','node':'n1','uptime_seconds':0,'state':'INIT','peers':0,'swarms':0,'members':0,"
                + "'requests':{}}"),
        report(Optional.empty()).compose(Census.NONE));
  }

  @Test
  void aNodeOfAClusterTellsHowThatStands() {
    ClusterView view =
        new ClusterView(
            true,
            false,
            List.of(
                new ClusterView.Node("n1", "127.0.0.1:5701", true, false, "5.7.0"),
                new ClusterView.Node("n2", "127.0.0.1:5702", false, true, "5.7.1")),
            new StoreFigures(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
            13,
            14);
    assertEquals(
        text(
            "{'version':'1.2','node':'n1','uptime_seconds':0,'state':'STARTED','peers':3,'swarms':2,"
                + "'members':4,'requests':{},'cluster':{'running':true,'safe':false,'members':["
                + "{'id':'n1','address':'127.0.0.1:5701','this':true,'lite':false,'hazelcast':'5.7.0'},"
                + "{'id':'n2','address':'127.0.0.1:5702','this':false,'lite':true,'hazelcast':'5.7.1'}],"
                + "'merged':11,'dropped':12,'orphans_removed':13,'members_restored':14,"
                + "'replicas_differing':10,'list_changes_waiting':7}}"),
        report(Optional.of(view.status())).compose(new Census(3, 2, 4)));
  }

  private record Browsers(int sockets, Map<String, Long> dropped) {}

  @Test
  void aNodeThatServesBrowsersTellsOfThem() {
    assertEquals(
        text(
            "{'version':'1.2','node':'n1','uptime_seconds':0,'state':'INIT','peers':0,'swarms':0,'members':0,"
                + "'requests':{},'webtorrent':{'sockets':7,'dropped':{'slow-node':1}}}"),
        report(Optional.empty(), Optional.of(new Browsers(7, Map.of("slow-node", 1L))))
            .compose(Census.NONE));
  }

  private static String text(String json) {
    return json.replace('\'', '"');
  }
}
