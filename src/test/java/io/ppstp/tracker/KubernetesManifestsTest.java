package io.ppstp.tracker;

import static io.ppstp.tracker.KubernetesDeployment.POD_IP;
import static io.ppstp.tracker.KubernetesDeployment.parse;
import static io.ppstp.tracker.KubernetesDeployment.single;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.XmlConfigBuilder;
import com.hazelcast.kubernetes.KubernetesProperties;
import com.hazelcast.spi.properties.ClusterProperty;
import com.hazelcast.spi.properties.HazelcastProperty;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.ppstp.tracker.config.ClusterConfig;
import io.ppstp.tracker.config.ClusterConfig.PlainText;
import io.ppstp.tracker.config.ConfigLoader;
import io.ppstp.tracker.config.ConfigLoader.ConfigException;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.management.ManagementVerticle;
import io.ppstp.tracker.management.ManagementVerticle.Meters;
import io.ppstp.tracker.management.NodeHealth;
import io.ppstp.tracker.metrics.TrackerMetrics;
import io.ppstp.tracker.store.local.LocalStore;
import io.ppstp.tracker.testing.Await;
import io.ppstp.tracker.testing.Commands;
import io.ppstp.tracker.testing.FakeClock;
import io.ppstp.tracker.testing.Kustomization;
import io.ppstp.tracker.testing.Operators;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Holds {@code k8s/} to the Kubernetes API, to itself, and to the tracker that it runs. */
class KubernetesManifestsTest {
  private static final Path BASE = Path.of("k8s", "base");
  private static final Path THREE = Path.of("k8s", "overlays", "three");

  /** Objects of the API whose fields are the writer's own. */
  private static final Set<String> FREE_FIELDS =
      Set.of("data", "labels", "limits", "matchLabels", "requests", "selector");

  static Stream<KubernetesDeployment> deployments() throws IOException {
    return Stream.of(KubernetesDeployment.of(BASE), KubernetesDeployment.of(THREE));
  }

  // The manifests as such.

  @ParameterizedTest
  @MethodSource("deployments")
  void itHasWhatAClusterNeeds(KubernetesDeployment it) {
    assertEquals(
        List.of(
            "ConfigMap ppstp-tracker-config",
            "NetworkPolicy ppstp-tracker",
            "PodDisruptionBudget ppstp-tracker",
            "Service ppstp-tracker",
            "Service ppstp-tracker-members",
            "StatefulSet ppstp-tracker"),
        it.parts().stream()
            .map(part -> part.getKind() + " " + part.getMetadata().getName())
            .sorted()
            .toList());
  }

  @Test
  void everyFileIsUsed() throws IOException {
    Set<Path> used = new TreeSet<>(Kustomization.in(BASE).files());
    used.addAll(Kustomization.in(THREE).files());
    try (Stream<Path> base = Files.walk(BASE);
        Stream<Path> three = Files.walk(THREE)) {
      assertEquals(
          Stream.concat(base, three)
              .filter(Files::isRegularFile)
              .collect(Collectors.toCollection(TreeSet::new)),
          used);
    }
  }

  /** Shows that a misspelt field anywhere would be noticed. */
  @ParameterizedTest
  @MethodSource("deployments")
  void fieldsThatTheApiDoesNotKnowAreRefused(KubernetesDeployment it) {
    int places = 0;
    for (ObjectNode manifest : it.source().manifests()) {
      for (ObjectNode place : placesOfFields(manifest)) {
        place.put("surprise", true);
        assertThrows(JsonMappingException.class, () -> parse(manifest), manifest::toString);
        place.remove("surprise");
        places++;
      }
    }
    assertTrue(places > 60, "places: " + places);
  }

  private static List<ObjectNode> placesOfFields(JsonNode node) {
    List<ObjectNode> places = new ArrayList<>();
    if (node instanceof ObjectNode object) {
      places.add(object);
      object.properties().stream()
          .filter(field -> !isFree(field))
          .forEach(field -> places.addAll(placesOfFields(field.getValue())));
    } else {
      node.forEach(item -> places.addAll(placesOfFields(item)));
    }
    return places;
  }

  private static boolean isFree(Map.Entry<String, JsonNode> field) {
    return FREE_FIELDS.contains(field.getKey()) && !field.getValue().has("matchLabels");
  }

  @Test
  void valuesOfAnotherTypeAreRefused() throws IOException {
    ObjectNode set = (ObjectNode) new JsonMapper().valueToTree(KubernetesDeployment.of(BASE).set());
    ((ObjectNode) set.at("/spec")).put("replicas", "2");
    assertThrows(JsonMappingException.class, () -> parse(set));
    ((ObjectNode) set.at("/spec")).put("replicas", 2);
    parse(set);
    ((ObjectNode) set.at("/spec/template/spec/containers/0/env/1")).put("value", 1);
    assertThrows(JsonMappingException.class, () -> parse(set));
  }

  /** Holds our resolver of kustomizations to the original, on machines that have it. */
  @ParameterizedTest
  @MethodSource("deployments")
  void kustomizeMakesTheSameOfIt(KubernetesDeployment it) throws Exception {
    assumeTrue(Commands.has("kubectl"), "there is no kubectl here");
    List<ObjectNode> built = KubernetesDeployment.byKubectl(it.folder()).source().manifests();

    assertEquals(byName(it.source().manifests()), byName(built));
  }

  private static Map<String, ObjectNode> byName(List<ObjectNode> manifests) {
    Map<String, ObjectNode> byName = new TreeMap<>();
    for (ObjectNode manifest : manifests) {
      String name = manifest.path("kind").asText() + " " + manifest.at("/metadata/name").asText();
      assertNull(byName.put(name, manifest), name);
    }
    return byName;
  }

  // How they fit together.

  @ParameterizedTest
  @MethodSource("deployments")
  void everySelectorSelectsThePods(KubernetesDeployment it) {
    Map<String, String> labels = it.podLabels();
    assertEquals(Map.of("app.kubernetes.io/name", "ppstp-tracker"), labels);
    assertEquals(labels, only(it.set().getSpec().getSelector()));
    assertEquals(labels, only(it.only(PodDisruptionBudget.class).getSpec().getSelector()));
    assertEquals(labels, only(it.only(NetworkPolicy.class).getSpec().getPodSelector()));
    for (Service service : it.all(Service.class)) {
      assertEquals(labels, service.getSpec().getSelector());
    }
    for (TopologySpreadConstraint spread : it.pod().getTopologySpreadConstraints()) {
      assertEquals(labels, only(spread.getLabelSelector()));
    }
  }

  private static Map<String, String> only(LabelSelector selector) {
    assertEquals(List.of(), selector.getMatchExpressions());
    return selector.getMatchLabels();
  }

  @ParameterizedTest
  @MethodSource("deployments")
  void portsAreThoseOfTheTracker(KubernetesDeployment it, @TempDir Path root) throws Exception {
    TrackerConfig tracker = it.tracker(root);
    Config hazelcast = it.hazelcast(root);

    assertEquals(
        Map.of(
            "https", tracker.https().port(),
            "management", tracker.management().port(),
            "member", hazelcast.getNetworkConfig().getPort(),
            "bus", tracker.cluster().bus().port()),
        it.containerPorts());
    assertEquals(ConfigLoader.defaults().https().port(), tracker.https().port());
    assertEquals(ConfigLoader.defaults().management().port(), tracker.management().port());
    assertFalse(tracker.http().enabled(), "plain HTTP would need a port, too");
    assertFalse(hazelcast.getNetworkConfig().isPortAutoIncrement());
    assertTrue(it.container().getPorts().stream().allMatch(port -> port.getHostPort() == null));
  }

  @ParameterizedTest
  @MethodSource("deployments")
  void membersFindEachOtherByTheHeadlessService(KubernetesDeployment it, @TempDir Path root)
      throws Exception {
    Service headless = it.headless();
    String name = headless.getMetadata().getName();
    assertEquals(name, it.set().getSpec().getServiceName());
    assertEquals(true, headless.getSpec().getPublishNotReadyAddresses());
    assertEquals(ports(it, "member", "bus"), ports(it, headless));

    Config hazelcast = it.hazelcast(root);
    JoinConfig join = hazelcast.getNetworkConfig().getJoin();
    assertTrue(join.getKubernetesConfig().isEnabled());
    assertFalse(join.isAutoDetectionEnabled());
    assertFalse(join.getMulticastConfig().isEnabled());
    assertFalse(join.getTcpIpConfig().isEnabled());
    Map<String, String> discovery = join.getKubernetesConfig().getProperties();
    assertEquals(name, discovery.get(KubernetesProperties.SERVICE_DNS.key()));
    assertEquals(
        Integer.toString(hazelcast.getNetworkConfig().getPort()),
        discovery.get(KubernetesProperties.SERVICE_PORT.key()));
    assertNull(discovery.get(KubernetesProperties.SERVICE_NAME.key()), "needs RBAC");
    assertFalse(hazelcast.getNetworkConfig().getInterfaces().isEnabled());
    assertTrue(it.javaOptions().contains("-Dhazelcast.local.localAddress=" + POD_IP));
  }

  @ParameterizedTest
  @MethodSource("deployments")
  void peersReachHttpsAndNothingElse(KubernetesDeployment it) {
    assertEquals(ports(it, "https"), ports(it, it.peers()));
    assertEquals("ClusterIP", it.peers().getSpec().getType());
  }

  private static Map<String, Integer> ports(KubernetesDeployment it, String... names) {
    return Stream.of(names)
        .collect(Collectors.toMap(Function.identity(), it.containerPorts()::get));
  }

  /** Returns the ports of a service by the name of the container's port that they lead to. */
  private static Map<String, Integer> ports(KubernetesDeployment it, Service service) {
    Map<String, Integer> ports = new TreeMap<>();
    for (ServicePort port : service.getSpec().getPorts()) {
      assertEquals("TCP", port.getProtocol());
      assertEquals(port.getName(), port.getTargetPort().getStrVal());
      assertTrue(it.containerPorts().containsKey(port.getTargetPort().getStrVal()));
      ports.put(port.getName(), port.getPort());
    }
    return ports;
  }

  @ParameterizedTest
  @MethodSource("deployments")
  void policyKeepsTheInnerPortsInside(KubernetesDeployment it) {
    NetworkPolicy policy = it.only(NetworkPolicy.class);
    assertEquals(List.of("Ingress", "Egress"), policy.getSpec().getPolicyTypes());
    Map<Integer, List<NetworkPolicyPeer>> from = new TreeMap<>();
    for (NetworkPolicyIngressRule rule : policy.getSpec().getIngress()) {
      for (int port : tcp(rule.getPorts())) {
        assertNull(from.put(port, rule.getFrom()), "one rule for each port: " + port);
      }
    }
    Map<String, Integer> ports = it.containerPorts();
    assertEquals(new TreeSet<>(ports.values()), from.keySet());

    assertEquals(List.of(), from.get(ports.get("https")), "peers come from anywhere");
    for (String inner : List.of("member", "bus")) {
      assertOwnPods(it, single(Objects.requireNonNull(from.get(ports.get(inner)))));
    }
    for (NetworkPolicyPeer operator : Objects.requireNonNull(from.get(ports.get("management")))) {
      assertFalse(only(operator.getNamespaceSelector()).isEmpty());
      assertFalse(only(operator.getPodSelector()).isEmpty());
    }
  }

  @ParameterizedTest
  @MethodSource("deployments")
  void podsReachEachOtherAndDnsOnly(KubernetesDeployment it) {
    Set<Integer> toAnybody = new TreeSet<>();
    Set<Integer> toPods = new TreeSet<>();
    for (var rule : it.only(NetworkPolicy.class).getSpec().getEgress()) {
      if (rule.getTo().isEmpty()) {
        rule.getPorts().forEach(port -> toAnybody.add(port.getPort().getIntVal()));
      } else {
        assertOwnPods(it, single(rule.getTo()));
        toPods.addAll(tcp(rule.getPorts()));
      }
    }
    assertEquals(Set.of(53, 5353), toAnybody);
    assertEquals(Set.copyOf(ports(it, "member", "bus").values()), toPods);
  }

  private static List<Integer> tcp(List<NetworkPolicyPort> ports) {
    assertFalse(ports.isEmpty(), "a rule without ports is for all ports");
    assertTrue(ports.stream().allMatch(port -> port.getProtocol().equals("TCP")));
    return ports.stream().map(port -> port.getPort().getIntVal()).toList();
  }

  private static void assertOwnPods(KubernetesDeployment it, NetworkPolicyPeer peer) {
    assertEquals(it.podLabels(), only(peer.getPodSelector()));
    assertNull(peer.getNamespaceSelector(), "pods of other namespaces");
    assertNull(peer.getIpBlock());
  }

  @ParameterizedTest
  @MethodSource("deployments")
  void asManyMayBeDownAsThereAreCopies(KubernetesDeployment it, @TempDir Path root)
      throws Exception {
    int backups = it.tracker(root).cluster().backups();
    assertEquals(ConfigLoader.defaults().cluster().backups(), backups);
    assertEquals(
        backups, it.only(PodDisruptionBudget.class).getSpec().getMaxUnavailable().getIntVal());
    assertTrue(it.set().getSpec().getReplicas() > backups);
    assertEquals("RollingUpdate", it.set().getSpec().getUpdateStrategy().getType());
    assertEquals("Parallel", it.set().getSpec().getPodManagementPolicy());
  }

  @ParameterizedTest
  @MethodSource("deployments")
  void podsAreSpread(KubernetesDeployment it) {
    assertEquals(
        Map.of(
            "kubernetes.io/hostname", "DoNotSchedule",
            "topology.kubernetes.io/zone", "ScheduleAnyway"),
        it.pod().getTopologySpreadConstraints().stream()
            .collect(
                Collectors.toMap(
                    TopologySpreadConstraint::getTopologyKey,
                    TopologySpreadConstraint::getWhenUnsatisfiable)));
  }

  @Test
  void threeHaveAHostEach() throws IOException {
    KubernetesDeployment it = KubernetesDeployment.of(THREE);
    assertEquals(3, it.set().getSpec().getReplicas());
    assertEquals(3, it.pod().getTopologySpreadConstraints().get(0).getMinDomains());
    assertEquals(1, it.pod().getTopologySpreadConstraints().get(0).getMaxSkew());
  }

  /** So that of two sides of a split at most one serves. With two pods, no number would do. */
  @Test
  void moreThanHalfOfThreeHaveToBeThere(@TempDir Path root) throws Exception {
    KubernetesDeployment three = KubernetesDeployment.of(THREE);
    int replicas = three.set().getSpec().getReplicas();
    int backups = three.tracker(root).cluster().backups();
    int minimum = three.tracker(root).cluster().minimumMembers();
    assertEquals(2, minimum);
    assertTrue(2 * minimum > replicas);
    assertTrue(replicas - backups >= minimum, "they may be down, and the others serve");
    assertEquals(0, KubernetesDeployment.of(BASE).tracker(root).cluster().minimumMembers());
  }

  // What nodes tell each other.

  @ParameterizedTest
  @MethodSource("deployments")
  void theBusHasTlsAndTheMemberPortAPolicy(KubernetesDeployment it, @TempDir Path root)
      throws Exception {
    ClusterConfig cluster = it.tracker(root).cluster();
    assertEquals(PlainText.MEMBERS, cluster.allowPlainText());
    Volume volume =
        single(
            it.pod().getVolumes().stream()
                .filter(each -> each.getName().equals("bus-tls"))
                .toList());
    assertEquals(KubernetesDeployment.BUS_SECRET, volume.getSecret().getSecretName());
    Path mounted = Path.of(root + "/etc/ppstp-tracker/bus-tls");
    assertEquals(Optional.of(mounted.resolve("tls.crt")), cluster.tls().certificate());
    assertEquals(Optional.of(mounted.resolve("tls.key")), cluster.tls().key());
    assertEquals(Optional.of(mounted.resolve("ca.crt")), cluster.tls().ca());
  }

  /** Runs what the comment of {@code kustomization.yaml} says, but for kubectl. */
  @Test
  void theCommandsForTheBusMakeWhatItTakes(@TempDir Path folder) throws Exception {
    assumeTrue(Commands.has("openssl"), "there is no openssl here");
    String comment =
        Files.readString(BASE.resolve("kustomization.yaml")).replaceAll("(?m)^# ?", "");
    Matcher commands =
        Pattern.compile("(?ms)^ {4}openssl req -x509.*?(?=^ {4}kubectl)").matcher(comment);
    assertTrue(commands.find());
    assertTrue(
        Files.readString(Path.of("src", "docs", "security.md"))
            .replaceAll("(?m)^[$>] | 2>/dev/null$", "")
            .contains(commands.group().replaceAll("(?m)^ {4}", "")),
        "src/docs/security.md says the same");
    String told =
        Commands.run("sh", "-e", "-c", "cd '" + folder + "'\n" + commands.group() + "echo made");
    assertTrue(told.endsWith("made\n"), told);
    Matcher secret =
        Pattern.compile("kubectl create secret generic (\\S+)[\\s\\\\]+(--from-file=.*)")
            .matcher(comment);
    assertTrue(secret.find());
    assertEquals(KubernetesDeployment.BUS_SECRET, secret.group(1));
    assertEquals("--from-file=tls.crt --from-file=tls.key --from-file=ca.crt", secret.group(2));

    Vertx vertx = Vertx.vertx();
    try {
      PemKeyCertOptions pair =
          new PemKeyCertOptions()
              .addCertPath(folder.resolve("tls.crt").toString())
              .addKeyPath(folder.resolve("tls.key").toString());
      PemTrustOptions authority =
          new PemTrustOptions().addCertPath(folder.resolve("ca.crt").toString());
      NetServer server =
          vertx
              .createNetServer(
                  new NetServerOptions()
                      .setSsl(true)
                      .setKeyCertOptions(pair)
                      .setTrustOptions(authority)
                      .setClientAuth(ClientAuth.REQUIRED))
              .connectHandler(socket -> socket.write("heard"));
      Await.result(server.listen(0, "127.0.0.1"));
      // As the bus does it: the authority vouches for a pod, its address is nobody's business.
      NetClient client =
          vertx.createNetClient(
              new NetClientOptions()
                  .setSsl(true)
                  .setKeyCertOptions(pair)
                  .setTrustOptions(authority)
                  .setHostnameVerificationAlgorithm(""));
      NetSocket socket = Await.result(client.connect(server.actualPort(), "127.0.0.1"));
      Promise<Buffer> answer = Promise.promise();
      socket.handler(answer::complete);
      assertEquals("heard", Await.result(answer.future()).toString());
    } finally {
      Await.result(vertx.close());
    }
  }

  // The tracker's configuration.

  @ParameterizedTest
  @MethodSource("deployments")
  void theTrackerTakesItsConfiguration(KubernetesDeployment it, @TempDir Path root)
      throws Exception {
    TrackerConfig tracker = it.tracker(root);

    assertTrue(tracker.cluster().enabled());
    assertTrue(tracker.https().enabled());
    assertEquals(POD_IP, tracker.cluster().bus().host());
    // Probes and peers do not come over loopback.
    assertEquals("0.0.0.0", tracker.management().host());
    assertEquals("0.0.0.0", tracker.https().host());
  }

  /** Shows what enableServiceLinks is off for. */
  @ParameterizedTest
  @MethodSource("deployments")
  void serviceLinksWouldKeepTheTrackerFromStarting(KubernetesDeployment it) {
    String name = it.peers().getMetadata().getName();
    String link = name.toUpperCase(Locale.ROOT).replace('-', '_') + "_SERVICE_HOST";

    assertThrows(
        ConfigException.class, () -> ConfigLoader.load(null, Map.of(link, POD_IP), List.of()));
    assertEquals(false, it.pod().getEnableServiceLinks());
  }

  @ParameterizedTest
  @MethodSource("deployments")
  void hazelcastIsConfiguredAsElsewhereButForTheNetwork(KubernetesDeployment it, @TempDir Path root)
      throws Exception {
    Element elsewhere = withoutNetwork(Path.of("cluster.xml"));
    Element here = withoutNetwork(it.tracker(root).cluster().config().orElseThrow());
    assertTrue(elsewhere.getElementsByTagName("property").getLength() > 0);
    assertTrue(elsewhere.isEqualNode(here), "differs from cluster.xml beyond <network>");

    Config top = new XmlConfigBuilder("cluster.xml").build();
    assertEquals(top.getProperties(), it.hazelcast(root).getProperties());
  }

  private static Element withoutNetwork(Path xml) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setIgnoringComments(true);
    Element root = factory.newDocumentBuilder().parse(xml.toFile()).getDocumentElement();
    root.removeChild(root.getElementsByTagName("network").item(0));
    dropBlanks(root);
    return root;
  }

  private static void dropBlanks(Node node) {
    node.normalize();
    for (Node child = node.getFirstChild(); child != null; ) {
      Node next = child.getNextSibling();
      if (child.getNodeType() == Node.TEXT_NODE && child.getTextContent().isBlank()) {
        node.removeChild(child);
      } else {
        dropBlanks(child);
      }
      child = next;
    }
  }

  // Time.

  @ParameterizedTest
  @MethodSource("deployments")
  void thereIsTimeToLeave(KubernetesDeployment it, @TempDir Path root) throws Exception {
    TrackerConfig tracker = it.tracker(root);
    Duration delay = tracker.shutdown().delay();
    Duration deadline = tracker.shutdown().deadline();
    Duration handOver = seconds(it.hazelcast(root), ClusterProperty.GRACEFUL_SHUTDOWN_MAX_WAIT);

    assertNotLonger(delay.plus(tracker.http().requestDeadline()).plus(handOver), deadline);
    assertNotLonger(
        delay.plus(deadline).plus(handOver),
        Duration.ofSeconds(it.pod().getTerminationGracePeriodSeconds()));
  }

  @ParameterizedTest
  @MethodSource("deployments")
  void probesFitTheTimesOfTheTracker(KubernetesDeployment it, @TempDir Path root) throws Exception {
    Container container = it.container();
    Duration join = seconds(it.hazelcast(root), ClusterProperty.MAX_JOIN_SECONDS);

    assertNotLonger(join.multipliedBy(3), patience(container.getStartupProbe()));
    assertNotLonger(Duration.ofSeconds(30), patience(container.getLivenessProbe()));
    assertNotLonger(
        patience(container.getReadinessProbe())
            .plusSeconds(container.getReadinessProbe().getTimeoutSeconds()),
        it.tracker(root).shutdown().delay());
  }

  private static Duration patience(Probe probe) {
    return Duration.ofSeconds(probe.getPeriodSeconds()).multipliedBy(probe.getFailureThreshold());
  }

  private static Duration seconds(Config config, HazelcastProperty property) {
    return Duration.ofSeconds(Long.parseLong(config.getProperty(property.getName())));
  }

  private static void assertNotLonger(Duration time, Duration limit) {
    assertTrue(time.compareTo(limit) <= 0, () -> time + " is longer than " + limit);
  }

  /** Asks a node that lives but is not ready. */
  @ParameterizedTest
  @MethodSource("deployments")
  void probesAskWhatTheTrackerAnswers(KubernetesDeployment it) throws Exception {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    TrackerConfig config = ConfigLoader.load(null, Map.of(), List.of("management.port=0"));
    ManagementVerticle management =
        new ManagementVerticle(
            config,
            new LocalStore(1),
            new Meters(registry, new TrackerMetrics(registry)),
            new NodeHealth(
                "test",
                "n1",
                () -> true,
                () -> false,
                Optional::empty,
                Optional::empty,
                Optional::empty),
            Operators.local(config),
            new FakeClock(0));
    Vertx vertx = Vertx.vertx();
    try {
      management.enable(Operators.acts(vertx, new FakeClock(0)));
      vertx
          .deployVerticle(management)
          .toCompletionStage()
          .toCompletableFuture()
          .get(20, TimeUnit.SECONDS);
      Container container = it.container();
      assertEquals(200, status(management.port(), container.getStartupProbe()));
      assertEquals(200, status(management.port(), container.getLivenessProbe()));
      assertEquals(503, status(management.port(), container.getReadinessProbe()));
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }

  private static int status(int port, Probe probe) throws IOException, InterruptedException {
    assertEquals("management", probe.getHttpGet().getPort().getStrVal());
    assertNull(probe.getHttpGet().getScheme(), "the management port speaks plain HTTP");
    URI uri = URI.create("http://127.0.0.1:" + port + probe.getHttpGet().getPath());
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
        .statusCode();
  }

  // The process and its image.

  @ParameterizedTest
  @MethodSource("deployments")
  void theProcessMayDoNothingItNeedNot(KubernetesDeployment it) {
    PodSpec pod = it.pod();
    assertEquals(false, pod.getAutomountServiceAccountToken());
    assertEquals(true, pod.getSecurityContext().getRunAsNonRoot());
    assertEquals("RuntimeDefault", pod.getSecurityContext().getSeccompProfile().getType());
    assertNull(pod.getHostNetwork());
    assertNull(pod.getHostPID());
    assertNull(pod.getHostIPC());
    var container = it.container().getSecurityContext();
    assertEquals(false, container.getAllowPrivilegeEscalation());
    assertEquals(false, container.getPrivileged());
    assertEquals(true, container.getReadOnlyRootFilesystem());
    assertEquals(List.of("ALL"), container.getCapabilities().getDrop());
    assertEquals(List.of(), container.getCapabilities().getAdd());
    // What is written goes to /tmp; the key is for the process's group and not for the world.
    for (VolumeMount mount : it.container().getVolumeMounts()) {
      assertEquals(!mount.getMountPath().equals("/tmp"), Boolean.TRUE.equals(mount.getReadOnly()));
    }
    for (Volume volume : pod.getVolumes()) {
      if (volume.getSecret() != null) {
        assertEquals(0440, volume.getSecret().getDefaultMode());
        assertEquals(
            pod.getSecurityContext().getRunAsGroup(), pod.getSecurityContext().getFsGroup());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("deployments")
  void memoryIsBoundedAndNotOvercommitted(KubernetesDeployment it) {
    var resources = it.container().getResources();
    assertEquals(Set.of("cpu", "memory"), resources.getRequests().keySet());
    assertEquals(Set.of("cpu", "memory"), resources.getLimits().keySet());
    assertEquals(resources.getRequests().get("memory"), resources.getLimits().get("memory"));
    String heap =
        single(
            it.javaOptions().stream()
                .filter(option -> option.startsWith("-XX:MaxRAMPercentage="))
                .toList());
    double percent = Double.parseDouble(heap.substring(heap.indexOf('=') + 1));
    assertTrue(percent >= 50 && percent <= 75, heap);
    // What is on its way to clients lies outside of the heap, and without a bound may be as much.
    String direct =
        single(
            it.javaOptions().stream()
                .filter(option -> option.matches("-XX:MaxDirectMemorySize=[0-9]+m"))
                .toList());
    double limit =
        Objects.requireNonNull(resources.getLimits().get("memory"))
            .getNumericalAmount()
            .doubleValue();
    double bytes = Double.parseDouble(direct.replaceAll("[^0-9]", "")) * (1 << 20);
    assertTrue(limit * percent / 100 + bytes <= limit - (384 << 20), "room for threads and code");
  }

  @ParameterizedTest
  @MethodSource("deployments")
  void theImageIsTheOneThatTheContainerfileMakes(KubernetesDeployment it) throws IOException {
    Map<String, String> first = containerfile().get(0);
    Map<String, String> image = containerfile().get(1);
    String base = Objects.requireNonNull(image.get("FROM"));
    assertTrue(base.matches("docker.io/library/eclipse-temurin:17-jre-noble@sha256:[0-9a-f]{64}"));
    assertEquals(base + " AS archive", first.get("FROM"), "the same Java");
    assertEquals('"' + version() + '"', image.get("LABEL org.opencontainers.image.version"));
    assertEquals("\"Apache-2.0\"", image.get("LABEL org.opencontainers.image.licenses"));
    var security = it.pod().getSecurityContext();
    assertEquals(security.getRunAsUser() + ":" + security.getRunAsGroup(), image.get("USER"));
    assertEquals(
        List.of(
            String.valueOf(it.containerPorts().get("https")),
            String.valueOf(it.containerPorts().get("management"))),
        List.of(Objects.requireNonNull(image.get("EXPOSE")).split(" ")));
    List<String> copy = List.of(Objects.requireNonNull(first.get("COPY")).split(" "));
    String jar = copy.get(copy.size() - 1);
    assertEquals("target/ppstp-tracker.jar", copy.get(copy.size() - 2));
    String archive = jar.replaceFirst("jar$", "jsa");
    assertEquals(
        words("java", "-XX:SharedArchiveFile=" + archive, "-jar", jar), image.get("ENTRYPOINT"));
    assertEquals(words("java", "-jar", jar, "warm", "--archive=" + archive), first.get("RUN"));
    String place = jar.substring(0, jar.lastIndexOf('/'));
    assertEquals("--from=archive " + place + " " + place, image.get("COPY"));
    assertEquals(List.of(), it.container().getCommand());
    assertEquals("ppstp-tracker:" + version(), it.container().getImage());
    // The variable of the StatefulSet takes the place of the image's.
    String options = Objects.requireNonNull(image.get("ENV JDK_JAVA_OPTIONS")).replace("\"", "");
    assertTrue(it.javaOptions().containsAll(List.of(options.split(" "))), options);
    assertEquals(
        List.of("*", "!target/ppstp-tracker.jar"),
        Files.readAllLines(Path.of(".containerignore")).stream()
            .filter(line -> !line.startsWith("#"))
            .toList());
  }

  private static String words(String... words) {
    return Stream.of(words)
        .map(word -> '"' + word + '"')
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** Returns the instructions of each stage, variables and labels by their names. */
  private static List<Map<String, String>> containerfile() throws IOException {
    List<Map<String, String>> stages = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("Containerfile"), UTF_8)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] parts = line.split(" ", 2);
        String name = parts[0];
        String value = parts[1];
        if (name.equals("FROM")) {
          stages.add(new TreeMap<>());
        } else if (Set.of("ENV", "LABEL").contains(name)) {
          name += " " + value.split("=", 2)[0];
          value = value.split("=", 2)[1];
        }
        assertNull(stages.get(stages.size() - 1).put(name, value), line);
      }
    }
    return stages;
  }

  private static String version() throws IOException {
    Properties properties = new Properties();
    try (InputStream in =
        KubernetesManifestsTest.class.getResourceAsStream("/ppstp-tracker.properties")) {
      properties.load(in);
    }
    return properties.getProperty("version");
  }
}
