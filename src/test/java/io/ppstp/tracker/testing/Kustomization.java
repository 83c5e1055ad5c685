package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A kustomization of ours, resolved as kustomize would. Of its features it knows those that we use:
 * resources, configMapGenerator with files, replicas, and patches that are files of the same kind
 * and name as what they change. A field that it does not know is an error. Not thread-safe.
 *
 * <p>The names of generated ConfigMaps stay without the hash of their content.
 */
public final class Kustomization {
  private static final String FILE = "kustomization.yaml";

  /** Lists that a patch changes item by item, and what an item is known by, as in the API. */
  private static final Map<String, String> ITEM_KEYS =
      Map.of("containers", "name", "env", "name", "topologySpreadConstraints", "topologyKey");

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private final List<ObjectNode> manifests = new ArrayList<>();
  private final Set<Path> files = new TreeSet<>();

  private Kustomization() {}

  private record Written(
      String apiVersion,
      String kind,
      @Nullable List<String> resources,
      @Nullable List<Generator> configMapGenerator,
      @Nullable List<Replicas> replicas,
      @Nullable List<Patch> patches) {}

  private record Generator(String name, List<String> files) {}

  private record Replicas(String name, int count) {}

  private record Patch(String path) {}

  /** Resolves the kustomization in {@code folder}. */
  public static Kustomization in(Path folder) throws IOException {
    Kustomization result = new Kustomization();
    result.read(folder);
    return result;
  }

  /** Returns one that has been resolved already. */
  public static Kustomization of(List<ObjectNode> manifests) {
    Kustomization result = new Kustomization();
    result.manifests.addAll(manifests);
    return result;
  }

  /** Returns the documents of a YAML text in which no key stands twice. */
  public static List<ObjectNode> documents(String yaml) throws IOException {
    try (MappingIterator<ObjectNode> documents =
        YAML.readerFor(ObjectNode.class).readValues(yaml)) {
      return documents.readAll();
    }
  }

  /** Returns what would be sent to Kubernetes. */
  public List<ObjectNode> manifests() {
    return manifests;
  }

  /** Returns every file that was needed, kustomizations too. */
  public Set<Path> files() {
    return files;
  }

  private void read(Path folder) throws IOException {
    Written written = YAML.readValue(text(folder.resolve(FILE)), Written.class);
    if (!written.kind().equals("Kustomization")
        || !written.apiVersion().equals("kustomize.config.k8s.io/v1beta1")) {
      throw new IOException(folder + " holds another kind of kustomization: " + written);
    }
    for (String resource : orEmpty(written.resources())) {
      Path path = folder.resolve(resource).normalize();
      if (Files.isDirectory(path)) {
        read(path);
      } else {
        manifests.addAll(documents(text(path)));
      }
    }
    for (Generator generator : orEmpty(written.configMapGenerator())) {
      generate(folder, generator);
    }
    for (Patch patch : orEmpty(written.patches())) {
      for (ObjectNode change : documents(text(folder.resolve(patch.path())))) {
        merge(sameAs(change), change);
      }
    }
    for (Replicas replicas : orEmpty(written.replicas())) {
      ObjectNode set =
          only(
              manifests.stream()
                  .filter(manifest -> name(manifest).equals(replicas.name()))
                  .filter(manifest -> manifest.path("spec").has("replicas"))
                  .toList(),
              replicas);
      set.withObject("/spec").put("replicas", replicas.count());
    }
  }

  private void generate(Path folder, Generator generator) throws IOException {
    Map<String, String> data = new LinkedHashMap<>();
    for (String file : generator.files()) {
      Path path = folder.resolve(file);
      data.put(String.valueOf(path.getFileName()), text(path));
    }
    ObjectNode map = YAML.createObjectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
    map.putObject("metadata").put("name", generator.name());
    map.set("data", YAML.valueToTree(data));
    manifests.add(map);
  }

  private ObjectNode sameAs(ObjectNode change) throws IOException {
    return only(
        manifests.stream()
            .filter(manifest -> manifest.path("kind").equals(change.path("kind")))
            .filter(manifest -> manifest.path("apiVersion").equals(change.path("apiVersion")))
            .filter(manifest -> name(manifest).equals(name(change)))
            .toList(),
        change);
  }

  private static void merge(ObjectNode target, ObjectNode change) throws IOException {
    for (Map.Entry<String, JsonNode> field : change.properties()) {
      String name = field.getKey();
      JsonNode before = target.get(name);
      if (before instanceof ObjectNode object && field.getValue() instanceof ObjectNode below) {
        merge(object, below);
      } else if (before instanceof ArrayNode array && field.getValue() instanceof ArrayNode items) {
        mergeItems(name, array, items);
      } else {
        target.set(name, field.getValue());
      }
    }
  }

  private static void mergeItems(String list, ArrayNode target, ArrayNode changes)
      throws IOException {
    String key = ITEM_KEYS.get(list);
    if (key == null) {
      throw new IOException("how a patch changes the list " + list + " is not known here");
    }
    for (JsonNode change : changes) {
      ObjectNode same = null;
      for (JsonNode item : target) {
        if (item.path(key).equals(change.path(key))) {
          same = (ObjectNode) item;
        }
      }
      if (same == null) {
        throw new IOException("a patch adds to the list " + list + ", in an order of its own");
      }
      merge(same, (ObjectNode) change);
    }
  }

  private static String name(JsonNode manifest) {
    return manifest.path("metadata").path("name").asText();
  }

  private static ObjectNode only(List<ObjectNode> found, Object what) throws IOException {
    if (found.size() != 1) {
      throw new IOException(found.size() + " manifests fit " + what);
    }
    return found.get(0);
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  private String text(Path file) throws IOException {
    files.add(file.normalize());
    return Files.readString(file, UTF_8);
  }
}
