package io.ppstp.tracker;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import io.ppstp.tracker.domain.ConnectRules.ConnectPolicy;
import io.ppstp.tracker.domain.address.Origin.AddressRules;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** Holds the arrows between the packages, which point down only. */
@AnalyzeClasses(
    packages = ArchitectureTest.ROOT,
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  static final String ROOT = "io.ppstp.tracker";

  private static final String[] ROOMS = {
    room("ingress"),
    room("validation"),
    room("swarm"),
    room("expiry"),
    room("management"),
    room("webtorrent"),
    room("bittorrent")
  };

  @ArchTest
  static final ArchRule protocolKnowsOnlyTheJdkAndTheStreamingParser =
      only("protocol", "com.fasterxml.jackson.core..");

  @ArchTest
  static final ArchRule browsersProtocolKnowsOnlyTheJdkAndTheStreamingParser =
      only("webtorrent.protocol", "com.fasterxml.jackson.core..");

  @ArchTest static final ArchRule torrentsProtocolKnowsOnlyTheJdk = only("bittorrent.protocol");

  @ArchTest
  static final ArchRule membershipKnowsOnlyTheStoreAndTheBus =
      only(
          "membership",
          own("store"),
          own("bus"),
          own("rules"),
          room("domain"),
          own("protocol"),
          own("security"),
          own("limits"));

  @ArchTest
  static final ArchRule rulesKnowOnlyAddressesOfClientsAndOfTheBus =
      only(
          "rules",
          own("bus"),
          own("config"),
          own("limits"),
          own("protocol"),
          "io.vertx.core..",
          "org.slf4j..");

  @ArchTest
  static final ArchRule channelsKnowOnlyEventsAndTheDomain =
      only("channels", own("bus"), room("domain"), own("protocol"), "io.vertx.core.json..");

  @ArchTest
  static final ArchRule accountsKnowOnlyEventsAndTheDomain =
      only("accounting", own("bus"), room("domain"), own("protocol"));

  @ArchTest
  static final ArchRule domainKnowsOnlyItsPartsAndTheProtocol =
      only("domain", own("domain.swarm"), own("domain.address"), own("protocol"));

  @ArchTest
  static final ArchRule swarmsKnowOnlyAddressesAndTheProtocol =
      only("domain.swarm", own("domain.address"), own("protocol"));

  @ArchTest
  static final ArchRule addressesKnowOnlyTheProtocol = only("domain.address", own("protocol"));

  @ArchTest
  static final ArchRule networksKnowOnlyAddressesAndTheirTables =
      only(
          "networks",
          own("domain.address"),
          own("protocol"),
          "com.maxmind.db..",
          "com.fasterxml.jackson.core..");

  @ArchTest
  static final ArchRule selectionKnowsOnlyNetworksAndTheStoresPort =
      only("selection", own("networks"), own("store"), room("domain"), own("protocol"));

  @ArchTest
  static final ArchRule onlyTheAppChoosesASelection =
      noClasses()
          .that()
          .resideOutsideOfPackages(room("selection"), room("app"))
          .should()
          .dependOnClassesThat()
          .resideInAPackage(room("selection"));

  @ArchTest
  static final ArchRule storePortKnowsOnlyTheDomain =
      only("store", room("domain"), own("protocol"));

  @ArchTest
  static final ArchRule localStoreKnowsOnlyItsPortAndTheDomain =
      only("store.local", own("store"), room("domain"), own("protocol"));

  /** What travels and what holds the state know the domain, the format and Hazelcast alone. */
  @ArchTest
  static final ArchRule formatKnowsOnlyTheDomain =
      only("store.hazelcast.codec", own("store"), room("domain"), own("protocol"));

  @ArchTest
  static final ArchRule sharedStateKnowsOnlyItsFormatAndHazelcast =
      only(
          "store.hazelcast.state",
          own("store.hazelcast.codec"),
          own("store"),
          room("domain"),
          own("protocol"),
          "com.hazelcast..");

  @ArchTest
  static final ArchRule transportBetweenStoresKnowsNeitherHazelcastNorVertx =
      only(
          "store.hazelcast.transport",
          own("store.hazelcast.state"),
          own("store.hazelcast.codec"),
          own("store"),
          room("domain"),
          own("protocol"),
          own("logging"),
          "org.slf4j..");

  @ArchTest
  static final ArchRule sharedStoreKnowsOnlyItsPartsAndHazelcast =
      only(
          "store.hazelcast",
          own("store.hazelcast.transport"),
          own("store.hazelcast.state"),
          own("store.hazelcast.codec"),
          own("store"),
          room("domain"),
          own("protocol"),
          "com.hazelcast..",
          "org.slf4j..");

  @ArchTest
  static final ArchRule configKnowsOnlyItsParser =
      only(
          "config",
          own("config.text"),
          room("domain"),
          "com.fasterxml.jackson.core..",
          "com.fasterxml.jackson.dataformat.yaml..");

  @ArchTest static final ArchRule spellingsKnowNothingElse = only("config.text");

  @ArchTest
  static final ArchRule configTakesNothingButRulesFromTheDomain =
      noClasses()
          .that()
          .resideInAPackage(own("config"))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(room("domain"))
                  .and(not(JavaClass.Predicates.equivalentTo(ConnectPolicy.class)))
                  .and(not(JavaClass.Predicates.equivalentTo(AddressRules.class))));

  @ArchTest static final ArchRule limitsKnowOnlyTheProtocol = only("limits", own("protocol"));

  @ArchTest
  static final ArchRule busKnowsOnlyVertxAndTheDomain =
      only(
          "bus",
          room("domain"),
          own("protocol"),
          own("security"),
          own("limits"),
          "io.vertx.core..",
          "javax.crypto..");

  @ArchTest
  static final ArchRule securityKnowsOnlyTheProtocolAndItsLibraries =
      only(
          "security",
          own("protocol"),
          own("limits"),
          own("logging"),
          "io.vertx..",
          "org.slf4j..",
          "com.fasterxml.jackson.core..",
          "javax.naming..",
          "javax.security.auth.x500..");

  @ArchTest
  static final ArchRule digestKnowsOnlySecurityAndItsLibraries =
      only(
          "security.digest",
          own("security"),
          own("protocol"),
          "javax.crypto..",
          "io.vertx..",
          "org.slf4j..");

  @ArchTest
  static final ArchRule sharedNoncesKnowOnlyTheirPortAndHazelcast =
      only(
          "security.digest.hazelcast",
          own("security.digest"),
          own("logging"),
          "com.hazelcast..",
          "io.vertx.core..",
          "org.slf4j..");

  @ArchTest
  static final ArchRule onlyTheAppAndTheClusterChooseALedger =
      noClasses()
          .that()
          .resideOutsideOfPackages(room("app"), room("cluster"), room("security.digest"))
          .should()
          .dependOnClassesThat()
          .resideInAPackage(room("security.digest"));

  @ArchTest
  static final ArchRule bearerTokensKnowOnlySecurityAndItsLibraries =
      only("security.bearer", own("security"), own("protocol"), "io.vertx..", "org.slf4j..");

  @ArchTest
  static final ArchRule metricsKnowOnlyMicrometerAndTheProtocol =
      only("metrics", own("protocol"), "io.micrometer.core..");

  @ArchTest
  static final ArchRule loggingKnowsOnlyTheLoggingLibraries =
      only("logging", "org.slf4j..", "ch.qos.logback..");

  @ArchTest
  static final ArchRule tracingKnowsOnlyTheBusTheStoreAndOpenTelemetry =
      only(
          "tracing",
          own("bus"),
          own("store"),
          room("domain"),
          own("protocol"),
          own("logging"),
          "io.opentelemetry..",
          "io.vertx.core..",
          "io.vertx.tracing..",
          "org.slf4j..");

  @ArchTest
  static final ArchRule onlyTracingKnowsOpenTelemetry =
      noClasses()
          .that()
          .resideOutsideOfPackage(own("tracing"))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.opentelemetry..", "io.vertx.tracing..");

  /** The simulator sees a tracker as a peer does, from outside. */
  @ArchTest
  static final ArchRule simulatorKnowsOnlyTheProtocolAndItsClient =
      only("simulate", own("protocol"), "io.vertx.core..", "org.HdrHistogram..");

  /** Streams are played with the lists of the domain, and without a tracker. */
  @ArchTest
  static final ArchRule playedStreamsKnowOnlyTheDomain =
      only("simulate.network", room("domain"), own("protocol"));

  @ArchTest
  static final ArchRule onlyTheAppKnowsTheSimulator =
      noClasses()
          .that()
          .resideOutsideOfPackages(room("simulate"), room("app"))
          .should()
          .dependOnClassesThat()
          .resideInAPackage(room("simulate"));

  /** A tap sees nodes as curl does, from outside. */
  @ArchTest
  static final ArchRule tapKnowsOnlyVertxAndTheStreamingParser =
      only("tap", "io.vertx.core..", "com.fasterxml.jackson.core..", "javax.net.ssl..");

  /** Kafka's client is in an artefact of its own. */
  @ArchTest
  static final ArchRule onlyOneOutputKnowsKafka =
      noClasses()
          .that()
          .resideOutsideOfPackage(own("tap.kafka"))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "io.vertx.kafka..");

  @ArchTest
  static final ArchRule syslogKnowsOnlyTheTapAndVertx =
      only(
          "tap.syslog",
          own("tap"),
          "io.vertx.core..",
          "com.fasterxml.jackson.core..",
          "javax.net.ssl..");

  @ArchTest
  static final ArchRule onlyTheAppKnowsTheTap =
      noClasses()
          .that()
          .resideOutsideOfPackages(room("tap"), room("app"))
          .should()
          .dependOnClassesThat()
          .resideInAPackage(room("tap"));

  @ArchTest
  static void roomsKnowNeitherEachOtherNorTheApp(JavaClasses classes) {
    for (String room : ROOMS) {
      String[] others =
          Stream.concat(Stream.of(ROOMS), Stream.of(room("app")))
              .filter(other -> !other.equals(room))
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(room)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(others)
          .check(classes);
    }
  }

  @ArchTest
  static void onlyTheAppKnowsTheRooms(JavaClasses classes) {
    for (String room : ROOMS) {
      noClasses()
          .that()
          .resideOutsideOfPackages(room, room("app"))
          .should()
          .dependOnClassesThat()
          .resideInAPackage(room)
          .check(classes);
    }
  }

  @ArchTest
  static final ArchRule nobodyKnowsTheApp =
      noClasses()
          .that()
          .resideOutsideOfPackage(room("app"))
          .should()
          .dependOnClassesThat()
          .resideInAPackage(room("app"));

  @ArchTest
  static final ArchRule onlyTheAppAndTheClusterChooseAStore =
      noClasses()
          .that()
          .resideOutsideOfPackages(room("app"), room("cluster"), room("store"))
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT + ".store.*..");

  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      slices().matching(ROOT + ".(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule whatTheRoomsDecideIsPlainJava =
      noClasses()
          .that()
          .resideInAnyPackage(room("swarm"), room("expiry"), room("webtorrent"), room("bittorrent"))
          .and()
          .haveSimpleNameNotEndingWith("Verticle")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.vertx..");

  @ArchTest
  static final ArchRule onlyTheAppPrints =
      noClasses().that().resideOutsideOfPackage(room("app")).should(ACCESS_STANDARD_STREAMS);

  @ArchTest
  static final ArchRule oneWayToLog = GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

  /** Habit of the house: the wall clock is read at the edge and handed in. */
  @ArchTest
  static final ArchRule onlyTheAppReadsTheClock =
      noClasses()
          .that()
          .resideOutsideOfPackage(room("app"))
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(InstantSource.class, "system")
          .orShould()
          .callMethod(Clock.class, "systemUTC")
          .orShould()
          .callMethod(Clock.class, "systemDefaultZone");

  @ArchTest
  static void everyPackageIsNullMarked(JavaClasses classes) {
    List<String> unmarked = new ArrayList<>();
    Set<String> names = new TreeSet<>();
    for (JavaClass type : classes) {
      JavaPackage itsPackage = type.getPackage();
      if (names.add(itsPackage.getName()) && !itsPackage.isAnnotatedWith(NullMarked.class)) {
        unmarked.add(itsPackage.getName());
      }
    }
    assertEquals(List.of(), unmarked);
    assertTrue(names.contains(own("store.local")), () -> "all packages were seen: " + names);
  }

  /** A rule about a package that is not there, or is renamed, holds of itself. */
  @ArchTest
  static void everyPackageThatARuleNamesIsThere(JavaClasses classes) {
    Set<String> names = new TreeSet<>();
    for (JavaClass type : classes) {
      names.add(type.getPackageName());
    }
    for (String name :
        List.of(
            "accounting",
            "app",
            "app.process",
            "app.tls",
            "bittorrent",
            "bittorrent.protocol",
            "bus",
            "channels",
            "cluster",
            "config",
            "config.text",
            "domain",
            "domain.address",
            "domain.swarm",
            "expiry",
            "ingress",
            "ingress.connection",
            "ingress.http",
            "limits",
            "management",
            "membership",
            "metrics",
            "networks",
            "protocol",
            "rules",
            "security",
            "security.bearer",
            "security.digest",
            "security.digest.hazelcast",
            "selection",
            "simulate",
            "simulate.network",
            "store",
            "store.hazelcast",
            "store.hazelcast.codec",
            "store.hazelcast.state",
            "store.hazelcast.transport",
            "store.local",
            "swarm",
            "tap",
            "tap.kafka",
            "tap.syslog",
            "tracing",
            "validation",
            "webtorrent",
            "webtorrent.protocol")) {
      assertTrue(names.contains(own(name)), () -> name + " is not among " + names);
    }
  }

  private static String own(String name) {
    return ROOT + "." + name;
  }

  private static String room(String name) {
    return own(name) + "..";
  }

  private static ArchRule only(String name, String... below) {
    String[] allowed =
        Stream.concat(Stream.of(own(name), "java..", "org.jspecify.annotations"), Stream.of(below))
            .toArray(String[]::new);
    return classes()
        .that()
        .resideInAPackage(own(name))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed);
  }
}
