package io.ppstp.tracker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.hazelcast.config.Config;
import com.hazelcast.config.XmlConfigBuilder;
import io.fabric8.certmanager.api.model.v1.Certificate;
import io.fabric8.certmanager.api.model.v1.Issuer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.ppstp.tracker.config.ConfigLoader;
import io.ppstp.tracker.config.ConfigLoader.ConfigException;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.testing.Commands;
import io.ppstp.tracker.testing.Kustomization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one kustomization comes to, as Kubernetes would understand it: parsed strictly, with the
 * container's environment and files as the kubelet would make them.
 */
record KubernetesDeployment(Path folder, Kustomization source, List<HasMetadata> parts) {
  /** The address of the pod that is looked at. */
  static final String POD_IP = "10.1.2.3";

  /** The Secret that {@code kustomization.yaml} says how to make. */
  static final String BUS_SECRET = "ppstp-tracker-bus-tls";

  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.of(
          "Certificate", Certificate.class,
          "ConfigMap", ConfigMap.class,
          "Issuer", Issuer.class,
          "NetworkPolicy", NetworkPolicy.class,
          "PodDisruptionBudget", PodDisruptionBudget.class,
          "PodMonitor", PodMonitor.class,
          "Service", Service.class,
          "StatefulSet", StatefulSet.class);

  private static final JsonMapper STRICT = strictMapper();

  /** The model of the API keeps what it does not know, for other uses than ours. */
  private static JsonMapper strictMapper() {
    return JsonMapper.builder()
        .annotationIntrospector(
            new JacksonAnnotationIntrospector() {
              @Override
              public Boolean hasAnySetter(Annotated annotated) {
                return false;
              }
            })
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .withCoercionConfig(
            LogicalType.Textual,
            config -> {
              config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
              config.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
              config.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
            })
        .build();
  }

  static KubernetesDeployment of(Path folder) throws IOException {
    return of(folder, Kustomization.in(folder));
  }

  /** Returns what kubectl makes of the kustomization in {@code folder}. */
  static KubernetesDeployment byKubectl(Path folder) throws IOException, InterruptedException {
    String built =
        Commands.run("kubectl", "kustomize", folder.toString())
            .replaceAll("(name: ppstp-tracker-config)-[a-z0-9]{10}\\b", "$1");
    return of(folder, Kustomization.of(Kustomization.documents(built)));
  }

  private static KubernetesDeployment of(Path folder, Kustomization source) throws IOException {
    List<HasMetadata> parts = new ArrayList<>();
    for (ObjectNode manifest : source.manifests()) {
      parts.add(parse(manifest));
    }
    return new KubernetesDeployment(folder, source, parts);
  }

  @Override
  public String toString() {
    return folder.toString();
  }

  <T extends HasMetadata> List<T> all(Class<T> kind) {
    return parts.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  <T extends HasMetadata> T only(Class<T> kind) {
    return single(all(kind));
  }

  StatefulSet set() {
    return only(StatefulSet.class);
  }

  PodSpec pod() {
    return set().getSpec().getTemplate().getSpec();
  }

  Map<String, String> podLabels() {
    return set().getSpec().getTemplate().getMetadata().getLabels();
  }

  Container container() {
    return single(pod().getContainers());
  }

  Map<String, Integer> containerPorts() {
    Map<String, Integer> ports = new TreeMap<>();
    for (ContainerPort port : container().getPorts()) {
      assertEquals("TCP", port.getProtocol());
      assertNull(ports.put(port.getName(), port.getContainerPort()), port::getName);
    }
    return ports;
  }

  Service headless() {
    return single(
        all(Service.class).stream()
            .filter(service -> "None".equals(service.getSpec().getClusterIP()))
            .toList());
  }

  Service peers() {
    return single(
        all(Service.class).stream().filter(service -> !service.equals(headless())).toList());
  }

  /** Returns the variables of the container, as the kubelet would set them. */
  Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    for (EnvVar variable : container().getEnv()) {
      String value = variable.getValue();
      if (value == null) {
        assertEquals("status.podIP", variable.getValueFrom().getFieldRef().getFieldPath());
        value = POD_IP;
      }
      for (Map.Entry<String, String> earlier : environment.entrySet()) {
        value = value.replace("$(" + earlier.getKey() + ")", earlier.getValue());
      }
      assertFalse(value.contains("$("), value);
      environment.put(variable.getName(), value);
    }
    return environment;
  }

  List<String> javaOptions() {
    return List.of(Objects.requireNonNull(environment().get("JDK_JAVA_OPTIONS")).split(" "));
  }

  /** Returns the configuration of the container, whose file system is laid out in {@code root}. */
  TrackerConfig tracker(Path root) throws IOException, ConfigException {
    for (VolumeMount mount : container().getVolumeMounts()) {
      Path folder = Path.of(root + mount.getMountPath());
      Files.createDirectories(folder);
      for (Map.Entry<String, String> file : content(mount.getName()).entrySet()) {
        Files.writeString(folder.resolve(file.getKey()), file.getValue());
      }
    }
    List<String> arguments = container().getArgs();
    assertEquals(2, arguments.size());
    assertEquals("--config", arguments.get(0));
    Path file = Path.of(root + arguments.get(1));
    Matcher paths = Pattern.compile("(?m): (/\\S+)$").matcher(Files.readString(file));
    Files.writeString(file, paths.replaceAll(path -> ": " + root + path.group(1)));
    return ConfigLoader.load(file, environment(), List.of());
  }

  private Map<String, String> content(String volumeName) {
    Volume volume =
        single(
            pod().getVolumes().stream().filter(each -> each.getName().equals(volumeName)).toList());
    if (volume.getConfigMap() != null) {
      ConfigMap map = only(ConfigMap.class);
      assertEquals(map.getMetadata().getName(), volume.getConfigMap().getName());
      return map.getData();
    }
    if (volume.getSecret() != null) {
      // What a Secret of the type kubernetes.io/tls holds, and in ours for the bus an authority.
      return volume.getSecret().getSecretName().equals(BUS_SECRET)
          ? Map.of("tls.crt", "chain", "tls.key", "key", "ca.crt", "authority")
          : Map.of("tls.crt", "chain", "tls.key", "key");
    }
    assertNotNull(volume.getEmptyDir());
    return Map.of();
  }

  Config hazelcast(Path root) throws IOException, ConfigException {
    try (InputStream in = Files.newInputStream(tracker(root).cluster().config().orElseThrow())) {
      return new XmlConfigBuilder(in).build();
    }
  }

  /** Returns a manifest as the API's type, if every field of it is known to the API. */
  static HasMetadata parse(ObjectNode manifest) throws IOException {
    Class<? extends HasMetadata> kind = KINDS.get(manifest.path("kind").asText());
    assertNotNull(kind, () -> "a kind that nothing here checks: " + manifest);
    HasMetadata parsed = STRICT.treeToValue(manifest, kind);
    assertEquals(HasMetadata.getApiVersion(kind), parsed.getApiVersion());
    return parsed;
  }

  /** Returns the one thing of {@code things}. */
  static <T> T single(Collection<T> things) {
    assertEquals(1, things.size(), things::toString);
    return things.iterator().next();
  }
}
