package io.ppstp.tracker;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import io.vertx.core.eventbus.EventBus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Holds files to each other where {@link ArchitectureTest} holds packages: no cycles, one place for
 * addresses of the event bus, one class for each inner interface of a library.
 */
@AnalyzeClasses(
    packages = ArchitectureTest.ROOT,
    importOptions = ImportOption.DoNotIncludeTests.class)
class FileArchitectureTest {
  private static final Path SOURCES =
      Path.of("src", "main", "java").resolve(ArchitectureTest.ROOT.replace('.', '/'));

  /** Files of one package that need each other, and why; a new one is to be parted instead. */
  private static final Map<Set<String>, String> CYCLES =
      Map.of(
          Set.of("ClusterMetrics", "ClusterNode", "ClusterVerticle"),
          "a node makes its periodic work and its meters, which look at it",
          Set.of("IpAddress", "IpScope"),
          "an address says how far it reaches by rules that look at bytes, and at addresses too",
          Set.of("Setting", "SettingType"),
          "a setting has a type, which reads a value, which names its setting in faults",
          Set.of("BearerChecks", "ClusterChecks", "CrossChecks", "LimitChecks", "ManagementChecks"),
          "the parts of a check note their faults in the whole",
          Set.of(
              "ConnectDecision",
              "LastConnect",
              "PeerCommand",
              "PeerShard",
              "RecentlyTerminated",
              "Registration",
              "ShardChange",
              "ShardSnapshot",
              "TimerQueue"),
          "commands decide on a shard, and what they decide is a change of it: double dispatch",
          Set.of(
              "ChangeProcessor",
              "QueryProcessor",
              "Question",
              "ReplaceProcessor",
              "StateFactory",
              "StateValue"),
          "what travels is made by a factory of Hazelcast's kind, and names its number there");

  /** Inner interfaces by the beginning of their names, and the classes that may use each. */
  private static final Map<String, Set<String>> INNER_INTERFACES =
      Map.of(
          "com.hazelcast.",
              Set.of("store.hazelcast.HazelcastInternals", "store.hazelcast.MergeService"),
          "io.vertx.core.net.impl.", Set.of("ingress.connection.Channels"),
          "io.vertx.core.internal.buffer.", Set.of("ingress.HttpAnswers"));

  private static final Pattern INNER =
      Pattern.compile("(com\\.hazelcast|io\\.vertx|io\\.netty)\\.(.+\\.)?(impl|internal)\\..*");

  /** An address that is written where it is used. */
  private static final Pattern LITERAL_ADDRESS =
      Pattern.compile(
          "\\.(consumer|localConsumer|publish|publisher|request|send|sender|setAddress)\\(\\s*\"");

  @ArchTest
  static void noFilesOfAPackageNeedEachOther(JavaClasses classes) {
    Map<String, Map<String, Set<String>>> packages = new TreeMap<>();
    for (JavaClass type : classes) {
      Map<String, Set<String>> files =
          packages.computeIfAbsent(type.getPackageName(), name -> new TreeMap<>());
      Set<String> needed = files.computeIfAbsent(file(type), name -> new TreeSet<>());
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (target.getPackageName().equals(type.getPackageName())) {
          needed.add(file(target));
        }
      }
    }
    Set<Set<String>> cycles = new HashSet<>();
    packages.values().forEach(files -> cycles.addAll(cycles(files)));

    assertEquals(sorted(CYCLES.keySet()), sorted(cycles));
  }

  /** Returns the largest sets of files of which each needs all others, directly or not. */
  private static Set<Set<String>> cycles(Map<String, Set<String>> files) {
    Map<String, Set<String>> reachable = new TreeMap<>();
    for (String file : files.keySet()) {
      Set<String> reached = new TreeSet<>();
      List<String> next = new ArrayList<>(files.get(file));
      while (!next.isEmpty()) {
        String one = next.remove(next.size() - 1);
        if (reached.add(one)) {
          next.addAll(files.getOrDefault(one, Set.of()));
        }
      }
      reachable.put(file, reached);
    }
    Set<Set<String>> cycles = new HashSet<>();
    reachable.forEach(
        (file, reached) -> {
          Set<String> cycle =
              reached.stream()
                  .filter(other -> reachable.getOrDefault(other, Set.of()).contains(file))
                  .collect(toCollection(TreeSet::new));
          if (cycle.size() > 1) {
            cycles.add(cycle);
          }
        });
    return cycles;
  }

  private static String file(JavaClass type) {
    JavaClass outermost = type;
    while (outermost.getEnclosingClass().isPresent()) {
      outermost = outermost.getEnclosingClass().get();
    }
    return outermost.getSimpleName();
  }

  private static List<String> sorted(Set<Set<String>> sets) {
    return sets.stream().map(set -> new TreeSet<>(set).toString()).sorted().toList();
  }

  @ArchTest
  static void innerInterfacesOfLibrariesAreUsedByTheNamedClassesOnly(JavaClasses classes) {
    Map<String, Set<String>> users = new TreeMap<>();
    for (JavaClass type : classes) {
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        String target = dependency.getTargetClass().getBaseComponentType().getName();
        if (INNER.matcher(target).matches()) {
          users.computeIfAbsent(beginning(target), name -> new TreeSet<>()).add(qualified(type));
        }
      }
    }
    Map<String, Set<String>> allowed = new TreeMap<>();
    INNER_INTERFACES.forEach(allowed::put);

    assertEquals(allowed, users);
  }

  private static String beginning(String target) {
    return INNER_INTERFACES.keySet().stream().filter(target::startsWith).findFirst().orElse(target);
  }

  private static String qualified(JavaClass type) {
    String room = type.getPackageName().substring(ArchitectureTest.ROOT.length() + 1);
    return room + '.' + file(type);
  }

  /** Whoever speaks over the event bus outside of {@code bus} takes its address from there. */
  @ArchTest
  static void addressesOfTheEventBusAreInOnePackage(JavaClasses classes) throws IOException {
    Set<String> speakers = new TreeSet<>();
    for (JavaClass type : classes) {
      for (JavaMethodCall call : type.getMethodCallsFromSelf()) {
        boolean named =
            call.getTargetOwner().isEquivalentTo(EventBus.class)
                && call.getTarget().getRawParameterTypes().stream()
                    .anyMatch(parameter -> parameter.isEquivalentTo(String.class));
        if (named && !type.getPackageName().equals(ArchitectureTest.ROOT + ".bus")) {
          speakers.add(qualified(type));
        }
      }
    }
    assertFalse(speakers.isEmpty(), "nobody was found to speak over the event bus");
    for (String speaker : speakers) {
      Path file = SOURCES.resolve(speaker.replace('.', '/') + ".java");
      assertTrue(Files.readString(file).contains("Addresses."), speaker);
    }
    assertEquals(List.of(), literalAddresses());
  }

  private static List<String> literalAddresses() throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(it -> it.toString().endsWith(".java")).toList()) {
        Matcher literal = LITERAL_ADDRESS.matcher(Files.readString(file));
        while (literal.find()) {
          found.add(file + ": " + literal.group());
        }
      }
    }
    return found;
  }
}
