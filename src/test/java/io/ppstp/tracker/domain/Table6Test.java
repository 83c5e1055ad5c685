package io.ppstp.tracker.domain;

import static io.ppstp.tracker.testing.ConnectBuilder.connect;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ppstp.tracker.domain.ConnectOutcome.Step;
import io.ppstp.tracker.domain.ConnectRules.ConnectPolicy;
import io.ppstp.tracker.domain.swarm.Member.Participation;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.ErrorCode;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.testing.ConnectBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * CONNECT combinations. Actions are written {@code L:a} (JOIN as LEECH), {@code S:a} (JOIN as
 * SEEDER) and {@code -:a} (LEAVE); memberships likewise, and {@code START} for no registration.
 */
class Table6Test {
  private static final String START = "START";

  @ParameterizedTest(name = "{0} in {1}: Table 6 {2}, additive {3}")
  @CsvSource({
    // the rows of Table 6, in its order
    "L:a, START, VALID, VALID",
    "-:a, START, FORBIDDEN, FORBIDDEN",
    "-:a, L:a, VALID, VALID",
    "L:b -:a, START, FORBIDDEN, FORBIDDEN",
    "-:a L:b, START, FORBIDDEN, FORBIDDEN",
    "L:b -:a, L:a, VALID, VALID",
    "-:a L:b, L:a, VALID, VALID",
    "S:a, START, VALID, VALID",
    "S:a S:b S:c S:d, START, VALID, VALID",
    "S:b, S:a, TERMINATING, VALID",
    "S:b S:c S:d, S:a, TERMINATING, VALID",
    "-:a, S:a, VALID, VALID",
    "-:a -:b -:c, S:a S:b S:c S:d, VALID, VALID",
    // what it does not list
    "L:a L:b, START, FORBIDDEN, VALID",
    "S:a L:b, START, FORBIDDEN, VALID",
    "S:a -:b, START, FORBIDDEN, FORBIDDEN",
    "-:a -:b, START, FORBIDDEN, FORBIDDEN",
    "L:b, L:a, FORBIDDEN, VALID",
    "L:b, S:a, FORBIDDEN, VALID",
    "L:a, S:a, FORBIDDEN, VALID",
    "L:b L:c, L:a, FORBIDDEN, VALID",
    "L:b L:c -:a, L:a, FORBIDDEN, VALID",
    "L:c -:a -:b, S:a S:b, FORBIDDEN, VALID",
    "S:b -:a, S:a, FORBIDDEN, VALID",
    "S:b L:c, S:a, FORBIDDEN, VALID",
    "S:a, S:a, TERMINATING, VALID",
    "S:b, L:a, TERMINATING, VALID",
    // a refresh, and the change of mode once all content is there
    "L:a, L:a, VALID, VALID",
    "-:a S:a, L:a, VALID, VALID",
    "S:a -:a, L:a, VALID, VALID",
    "S:b -:a, L:a, FORBIDDEN, VALID",
    "S:a -:a, S:a, FORBIDDEN, VALID",
    "S:b -:b, L:a, FORBIDDEN, VALID",
    // what cannot succeed does not count, and nobody becomes a LEECH of two swarms
    "-:x L:b, L:a, FORBIDDEN, VALID",
    "L:b -:x, S:a, FORBIDDEN, VALID",
    "-:x L:a, L:a, VALID, VALID",
    "-:a L:c, S:a L:b, FORBIDDEN, VALID",
    "-:a L:b, S:a L:b, VALID, VALID",
    "-:a L:c, S:a S:b, VALID, VALID",
  })
  void theWholeCombinationIsJudgedFirst(
      String actions, String memberships, Table6.Judgement table6, Table6.Judgement additive) {
    Map<SwarmKey, Participation> before = memberships(memberships);

    assertEquals(table6, Table6.judge(ConnectPolicy.TABLE6, before, actions(actions)));
    assertEquals(additive, Table6.judge(ConnectPolicy.ADDITIVE, before, actions(actions)));
  }

  /** All well-formed requests of up to three actions, against all memberships in two swarms. */
  @ParameterizedTest
  @EnumSource
  void everySmallRequestHasTheOutcomeThatANaiveReadingGives(ConnectPolicy policy) {
    assertEquals(339, allRequests().size());
    for (String before : allMemberships()) {
      for (String actions : allRequests()) {
        assertEquals(
            naiveOutcome(policy, before, actions),
            outcome(policy, before, actions),
            () -> actions + " in " + before);
      }
    }
  }

  @Test
  void joinsAreAnsweredBeforeLeavesAndEachInTheOrderOfTheRequest() {
    assertEquals(
        "S:c=ok L:d=ok -:a=ok -:b=ok | L:d S:c",
        outcome(ConnectPolicy.ADDITIVE, "S:a S:b", "-:a S:c -:b L:d"));
  }

  /** The decisions as one would read them aloud; texts in, texts out. */
  private static String naiveOutcome(ConnectPolicy policy, String before, String actions) {
    List<String> words = List.of(actions.split(" ", -1));
    boolean started = before.equals(START);
    String kinds = words.stream().map(w -> w.substring(0, 1)).sorted().collect(joining());
    boolean onOneSwarm = words.stream().map(w -> w.substring(2)).distinct().count() == 1;
    boolean leechThere = before.contains("L:" + words.get(0).substring(2));
    boolean table6 = policy == ConnectPolicy.TABLE6;

    if (started && !kinds.matches(table6 ? "L|S+" : "[LS]+")) {
      return "03 | START";
    }
    if (!started && table6 && kinds.matches("S+")) {
      return "03 | START";
    }
    boolean listed =
        started
            || kinds.matches("-+")
            || (kinds.equals("-L") && isSwitch(before, actions))
            || (kinds.equals("L") && leechThere)
            || (kinds.equals("-S") && onOneSwarm && leechThere);
    if (table6 && !listed) {
      return "03 | " + before;
    }

    TreeSet<String> after = new TreeSet<>();
    if (!started) {
      after.addAll(List.of(before.split(" ", -1)));
    }
    List<String> left = new ArrayList<>();
    for (String word : words) {
      String swarm = word.substring(2);
      if (word.startsWith("-")) {
        boolean wasMember = after.removeIf(membership -> membership.endsWith(swarm));
        left.add(word + (wasMember ? "=ok" : "=bad"));
      }
    }
    List<String> results = new ArrayList<>();
    for (String word : words) {
      String swarm = word.substring(2);
      if (!word.startsWith("-")) {
        after.removeIf(membership -> membership.endsWith(swarm));
        after.add(word);
        results.add(word + "=ok");
      }
    }
    results.addAll(left);
    if (results.stream().noneMatch(result -> result.endsWith("=ok"))) {
      return "03 | " + before;
    }
    return String.join(" ", results) + " | " + (after.isEmpty() ? START : String.join(" ", after));
  }

  private static boolean isSwitch(String before, String actions) {
    String joined = actions.replaceAll(".*L:(.).*", "$1");
    String left = actions.replaceAll(".*-:(.).*", "$1");
    boolean leaves = before.contains(":" + left);
    String others = before.replaceAll("[LS]:[" + joined + left + "]", "");
    return leaves ? !others.contains("L:") : before.contains("L:" + joined);
  }

  /** What the tracker makes of the same. */
  private static String outcome(ConnectPolicy policy, String before, String actions) {
    PeerShard shard = new PeerShard();
    CountingBudget budget = new CountingBudget();
    if (!before.equals(START)) {
      connect("p").additive().actions(actions(before)).at(0).apply(shard, budget);
    }
    ConnectBuilder request = connect("p").policy(policy).actions(actions(actions));
    ConnectOutcome outcome = request.at(1).apply(shard, budget);
    String after =
        new PeerQuery.Look("p")
            .answer(shard)
            .map(registration -> text(registration.memberships()))
            .orElse(START);
    if (outcome instanceof ConnectOutcome.Granted granted) {
      assertEquals(before.equals(START), granted.registered());
      assertEquals(after.equals(START), granted.terminated());
      return granted.steps().stream().map(Table6Test::text).collect(joining(" ")) + " | " + after;
    }
    ConnectOutcome.Refused refused = (ConnectOutcome.Refused) outcome;
    assertEquals(ErrorCode.FORBIDDEN_ACTION, refused.code());
    Departure departure = refused.departure();
    assertEquals(!before.equals(START) && after.equals(START), departure != null);
    if (departure != null) {
      assertEquals(swarms(before), Set.copyOf(departure.swarms()));
    }
    return "03 | " + after;
  }

  private static String text(Step step) {
    String kind = step.mode() == null ? "-" : step.mode().name().substring(0, 1);
    return kind + ":" + step.swarm().swarmId() + (step.successful() ? "=ok" : "=bad");
  }

  private static String text(Map<SwarmKey, PeerMode> memberships) {
    return memberships.entrySet().stream()
        .map(entry -> entry.getValue().name().charAt(0) + ":" + entry.getKey().swarmId())
        .collect(toCollection(TreeSet::new))
        .stream()
        .collect(joining(" "));
  }

  private static List<SwarmAction> actions(String text) {
    List<SwarmAction> actions = new ArrayList<>();
    for (String word : text.split(" ", -1)) {
      String swarm = word.substring(2);
      actions.add(
          switch (word.charAt(0)) {
            case 'L' -> new SwarmAction(swarm, Action.JOIN, PeerMode.LEECH);
            case 'S' -> new SwarmAction(swarm, Action.JOIN, PeerMode.SEEDER);
            default -> new SwarmAction(swarm, Action.LEAVE, null);
          });
    }
    return actions;
  }

  private static Set<SwarmKey> swarms(String text) {
    return actions(text).stream().map(a -> new SwarmKey(a.swarmId())).collect(toSet());
  }

  private static @Nullable Map<SwarmKey, Participation> memberships(String text) {
    if (text.equals(START)) {
      return null;
    }
    Map<SwarmKey, Participation> memberships = new HashMap<>();
    for (SwarmAction action : actions(text)) {
      memberships.put(
          new SwarmKey(action.swarmId()),
          new Participation(action.joinsAs(PeerMode.LEECH) ? PeerMode.LEECH : PeerMode.SEEDER, 0));
    }
    return memberships;
  }

  private static List<String> allMemberships() {
    return List.of(START, "L:a", "S:a", "L:b", "S:b", "L:a L:b", "L:a S:b", "L:b S:a", "S:a S:b");
  }

  /** A swarm stands twice only to change from LEECH to SEEDER: the reader refuses the rest. */
  private static List<String> allRequests() {
    List<String> requests = new ArrayList<>();
    extend("", 3, requests);
    return requests;
  }

  private static void extend(String request, int more, List<String> requests) {
    if (!request.isEmpty()) {
      requests.add(request);
    }
    for (String swarm : more == 0 ? List.<String>of() : List.of("a", "b", "c")) {
      for (String kind : List.of("L", "S", "-")) {
        String kindsThere = kindsOn(swarm, request) + kind;
        if (kindsThere.matches("L|S|-|-S|S-")) {
          String word = kind + ":" + swarm;
          extend(request.isEmpty() ? word : request + " " + word, more - 1, requests);
        }
      }
    }
  }

  private static String kindsOn(String swarm, String request) {
    StringBuilder kinds = new StringBuilder();
    for (String word : request.split(" ", -1)) {
      kinds.append(word.endsWith(":" + swarm) ? word.substring(0, 1) : "");
    }
    return kinds.toString();
  }
}
