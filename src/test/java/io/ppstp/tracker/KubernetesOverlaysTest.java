package io.ppstp.tracker;

import static io.ppstp.tracker.KubernetesDeployment.single;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.certmanager.api.model.v1.Certificate;
import io.fabric8.certmanager.api.model.v1.Issuer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.ppstp.tracker.config.AuthConfig;
import io.ppstp.tracker.testing.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the overlays in {@code k8s/} add to the base, as kubectl puts them together. */
class KubernetesOverlaysTest {
  private static final Path OVERLAYS = Path.of("k8s", "overlays");
  private static final Path MONITORED = OVERLAYS.resolve("monitored");
  private static final Path OAUTH2 = OVERLAYS.resolve("oauth2");

  static Stream<Path> overlays() throws IOException {
    try (Stream<Path> folders = Files.list(OVERLAYS)) {
      return folders.sorted().toList().stream();
    }
  }

  @BeforeEach
  void needKubectl() {
    assumeTrue(Commands.has("kubectl"), "skipped: this machine has no kubectl");
  }

  private static Set<String> parts(KubernetesDeployment it) {
    return it.parts().stream()
        .map(part -> part.getKind() + " " + part.getMetadata().getName())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static <T extends HasMetadata> T named(
      KubernetesDeployment it, Class<T> kind, String name) {
    return single(
        it.all(kind).stream().filter(part -> part.getMetadata().getName().equals(name)).toList());
  }

  /** Each part is known to the API, and so is each field of it; and no file lies about. */
  @ParameterizedTest
  @MethodSource("overlays")
  void kubectlMakesPartsOfTheApi(Path overlay) throws Exception {
    KubernetesDeployment it = KubernetesDeployment.byKubectl(overlay);

    assertTrue(parts(it).containsAll(parts(KubernetesDeployment.of(Path.of("k8s", "base")))));
    assertEquals(3, it.set().getSpec().getReplicas());
    String kustomization = Files.readString(overlay.resolve("kustomization.yaml"));
    try (Stream<Path> files = Files.list(overlay)) {
      files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(file -> !file.equals("kustomization.yaml"))
          .forEach(file -> assertTrue(kustomization.contains(file + "\n"), file));
    }
  }

  @Test
  void prometheusFindsEachPodByThePodMonitorOrByDns() throws Exception {
    KubernetesDeployment it = KubernetesDeployment.byKubectl(MONITORED);
    PodMonitor monitor = it.only(PodMonitor.class);
    Service service = named(it, Service.class, "ppstp-tracker-metrics");

    assertEquals(it.podLabels(), monitor.getSpec().getSelector().getMatchLabels());
    assertEquals(it.podLabels(), service.getSpec().getSelector());
    var endpoint = single(monitor.getSpec().getPodMetricsEndpoints());
    assertEquals("/metrics", endpoint.getPath());
    var port = single(service.getSpec().getPorts());
    assertEquals(it.containerPorts().get(endpoint.getPort()), port.getPort());
    assertEquals(endpoint.getPort(), port.getTargetPort().getStrVal());
    assertEquals("None", service.getSpec().getClusterIP());
    // What the alerts and the dashboard ask for.
    String label = monitor.getSpec().getJobLabel();
    assertEquals("ppstp-tracker", it.podLabels().get(label));
  }

  @Test
  void certManagerMakesTheSecretsThatThePodsMount() throws Exception {
    KubernetesDeployment it = KubernetesDeployment.byKubectl(OAUTH2);
    Set<String> made =
        it.all(Certificate.class).stream()
            .map(certificate -> certificate.getSpec().getSecretName())
            .collect(Collectors.toSet());
    it.pod().getVolumes().stream()
        .filter(volume -> volume.getSecret() != null)
        .forEach(volume -> assertTrue(made.contains(volume.getSecret().getSecretName())));
    Certificate bus = named(it, Certificate.class, "ppstp-tracker-bus");
    assertEquals(List.of("server auth", "client auth"), bus.getSpec().getUsages());
    Issuer issuer = named(it, Issuer.class, bus.getSpec().getIssuerRef().getName());
    Certificate authority = named(it, Certificate.class, "ppstp-tracker-bus-ca");
    assertEquals(authority.getSpec().getSecretName(), issuer.getSpec().getCa().getSecretName());
    assertEquals(true, authority.getSpec().getIsCA());
    for (Certificate other : it.all(Certificate.class)) {
      assertEquals(
          other.equals(bus),
          other.getSpec().getIssuerRef().getName().equals(issuer.getMetadata().getName()),
          "nobody else has a certificate of the bus's authority");
    }
  }

  @Test
  void tokensAreTakenAndTheirIssuerCanBeReached(@TempDir Path root) throws Exception {
    KubernetesDeployment it = KubernetesDeployment.byKubectl(OAUTH2);
    AuthConfig.Bearer bearer = it.tracker(root).auth().bearer();
    assertEquals(Optional.of("https://login.example/realms/live"), bearer.discovery());
    assertEquals(Optional.of("ppstp_swarms"), bearer.swarmsClaim());

    NetworkPolicy way = named(it, NetworkPolicy.class, "ppstp-tracker-issuer");
    assertEquals(it.podLabels(), way.getSpec().getPodSelector().getMatchLabels());
    assertEquals(List.of("Egress"), way.getSpec().getPolicyTypes());
    var rule = single(way.getSpec().getEgress());
    assertEquals(443, single(rule.getPorts()).getPort().getIntVal());
    Map<String, List<String>> blocks =
        rule.getTo().stream()
            .collect(
                Collectors.toMap(
                    to -> to.getIpBlock().getCidr(), to -> to.getIpBlock().getExcept()));
    assertEquals(Set.of("0.0.0.0/0", "::/0"), blocks.keySet());
    assertTrue(
        blocks.getOrDefault("0.0.0.0/0", List.of()).contains("10.0.0.0/8"), blocks::toString);
  }
}
