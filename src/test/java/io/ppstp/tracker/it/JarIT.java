package io.ppstp.tracker.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ppstp.tracker.testing.Commands;
import io.ppstp.tracker.testing.Json;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the product's jar holds, and what it must not. */
class JarIT {
  /** What looks like a licence or a notice, by name. */
  private static final Predicate<String> LEGAL =
      Pattern.compile(
              "(META-INF/)?(license/.*|[^/]*(LICENSE|NOTICE|COPYING)[^/]*)",
              Pattern.CASE_INSENSITIVE)
          .asMatchPredicate()
          .and(name -> !name.endsWith(".class") && !name.endsWith("/"));

  private static Path jar() {
    return Path.of(Objects.requireNonNull(System.getProperty("ppstp.jar"), "ppstp.jar"));
  }

  private static ZipFile product() throws IOException {
    return new ZipFile(jar().toFile());
  }

  private static List<String> entries() throws IOException {
    try (ZipFile zip = product()) {
      return zip.stream().map(ZipEntry::getName).toList();
    }
  }

  @Test
  void nothingThatTestsNeedIsInTheProduct() throws Exception {
    List<String> entries = entries();
    assertFalse(entries.isEmpty());
    assertEquals(
        List.of(),
        entries.stream()
            .filter(
                name ->
                    name.matches(
                        "(META-INF/versions/\\d+/)?"
                            + "(org/bouncycastle|io/netty/pkitesting|org/junit|io/fabric8"
                            + "|org/apache/kafka|io/vertx/kafka|io/ppstp/tracker/tap/kafka)/.*"))
            .limit(5)
            .toList());
  }

  /** The jars that the product was put together from: those whose classes it has. */
  private static List<Path> dependencies(ZipFile product) throws IOException {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path", ""));
    List<Path> found = new ArrayList<>();
    for (String element : path.split(File.pathSeparator, -1)) {
      if (element.endsWith(".jar") && isPartOf(element, product)) {
        found.add(Path.of(element));
      }
    }
    return found;
  }

  private static boolean isPartOf(String jar, ZipFile product) throws IOException {
    try (ZipFile zip = new ZipFile(jar)) {
      return zip.stream()
          .map(ZipEntry::getName)
          .filter(name -> name.endsWith(".class") && !name.endsWith("module-info.class"))
          .findFirst()
          .map(name -> product.getEntry(name) != null)
          .orElse(false);
    }
  }

  private static String text(ZipFile zip, String name) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      return "";
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return new String(in.readAllBytes(), UTF_8).replaceAll("\\s+", " ").strip();
    }
  }

  /** What {@code dpkg -i} would lay down: the very jar, and what systemd starts it by. */
  @Test
  void theDebianPackageHasTheJarItsUnitAndItsSettings(@TempDir Path folder) throws Exception {
    assumeTrue(Commands.has("dpkg-deb"), "skipped: this machine has no dpkg-deb");
    String deb = jar().resolveSibling("ppstp-tracker.deb").toString();
    assertEquals("ppstp-tracker", Commands.run("dpkg-deb", "--field", deb, "Package").strip());
    String needed = Commands.run("dpkg-deb", "--field", deb, "Depends").strip();
    assertEquals("openjdk-17-jre-headless | java17-runtime-headless", needed);
    assertEquals("", Commands.run("dpkg-deb", "--raw-extract", deb, folder.toString()));

    Path unit = folder.resolve("usr/lib/systemd/system/ppstp-tracker.service");
    Path settings = folder.resolve("etc/ppstp-tracker/tracker.yaml");
    assertEquals(
        -1, Files.mismatch(jar(), folder.resolve("usr/share/ppstp-tracker/ppstp-tracker.jar")));
    assertEquals(-1, Files.mismatch(Path.of("conf/systemd/ppstp-tracker.service"), unit));
    assertEquals(-1, Files.mismatch(Path.of("conf/tracker.yaml"), settings));
    assertEquals(
        "/etc/ppstp-tracker/tracker.yaml",
        Files.readString(folder.resolve("DEBIAN/conffiles")).strip());
    // The user of the unit is nobody in particular, and has to read all that.
    String list = Commands.run("dpkg-deb", "--contents", deb);
    list.lines().forEach(line -> assertTrue(line.matches("(d..x..x|-r..r..)r.*"), line));
    for (String script : List.of("postinst", "prerm", "postrm")) {
      Path file = folder.resolve("DEBIAN").resolve(script);
      assertTrue(Files.isExecutable(file), script);
      assertEquals("", Commands.run("sh", "-n", file.toString()));
    }
  }

  @Test
  void theLicencesAndNoticesOfAllItsPartsAreKept() throws Exception {
    int texts = 0;
    try (ZipFile product = product()) {
      assertTrue(text(product, "META-INF/LICENSE").startsWith("Apache License Version 2.0"));
      List<Path> dependencies = dependencies(product);
      assertTrue(dependencies.size() > 30, dependencies::toString);
      for (Path jar : dependencies) {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
          for (String name : zip.stream().map(ZipEntry::getName).filter(LEGAL).toList()) {
            System.out.println("JarIT: " + jar.getFileName() + ": " + name);
            assertTrue(
                text(product, name).contains(text(zip, name)), jar.getFileName() + ": " + name);
            texts++;
          }
        }
      }
    }
    assertTrue(texts > 15, () -> "few have any");
  }

  /** Returns the names of the parts in the bill of a jar, each of which has a licence there. */
  private static List<String> bill(ZipFile jar) throws Exception {
    try (InputStream in = jar.getInputStream(jar.getEntry("META-INF/sbom/application.cdx.json"))) {
      JsonNode bill = Json.parse(new String(in.readAllBytes(), UTF_8));
      assertEquals("CycloneDX", bill.path("bomFormat").asText());
      List<String> names = new ArrayList<>();
      for (JsonNode part : bill.path("components")) {
        names.add(part.path("name").asText());
        assertFalse(part.path("licenses").isEmpty(), part::toString);
        System.out.println("JarIT: " + part.path("purl").asText() + " " + part.path("licenses"));
      }
      return names;
    }
  }

  @Test
  void theBillOfMaterialsNamesALicenceForEachPart() throws Exception {
    try (ZipFile product = product()) {
      List<String> names = bill(product);
      assertTrue(names.containsAll(List.of("vertx-core", "hazelcast", "logback-classic")));
      assertFalse(names.contains("netty-pkitesting"));
      assertFalse(names.contains("kafka-clients"));
    }
  }

  /** What is in both would be loaded from one and used from the other. */
  @Test
  void theJarForKafkaAddsToTheProductAndRepeatsNothing() throws Exception {
    try (ZipFile product = product();
        ZipFile kafka = new ZipFile(jar().resolveSibling("ppstp-tap-kafka.jar").toFile())) {
      List<String> names = new ArrayList<>(bill(kafka));
      Collections.sort(names);
      assertEquals(
          List.of("kafka-clients", "lz4-java", "snappy-java", "vertx-kafka-client", "zstd-jni"),
          names);
      assertNotNull(kafka.getEntry("io/ppstp/tracker/tap/kafka/KafkaOutput.class"));
      assertTrue(text(kafka, "META-INF/LICENSE").startsWith("Apache License Version 2.0"));
      assertTrue(text(kafka, "NOTICE").contains("Apache Kafka"));
      assertEquals(
          List.of(),
          kafka.stream()
              .map(ZipEntry::getName)
              .filter(name -> name.endsWith(".class") && product.getEntry(name) != null)
              .toList());
    }
  }
}
