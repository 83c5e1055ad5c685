package io.ppstp.tracker.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ppstp.tracker.chaos.Linearization.Attempt;
import io.ppstp.tracker.chaos.PeerState.Answer;
import io.ppstp.tracker.protocol.SwarmAction;
import io.ppstp.tracker.protocol.SwarmAction.Action;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What answers a tracker may give, and what must be found out about one that gives others. */
class LinearizationTest {
  private static final PeerRequest JOIN_A = connect("t1", join("a", PeerMode.LEECH));
  private static final PeerRequest JOIN_B = connect("t2", join("b", PeerMode.LEECH));
  private static final PeerRequest LEAVE_A = connect("t3", leave("a"));
  private static final PeerRequest A_TO_B = connect("t4", leave("a"), join("b", PeerMode.LEECH));
  private static final PeerRequest A_TO_C = connect("t5", leave("a"), join("c", PeerMode.LEECH));
  private static final Answer JOINED_A = Answer.success(Map.of("a", 0));
  private static final Answer JOINED_B = Answer.success(Map.of("b", 0));
  private static final Answer SWITCHED_TO_B = Answer.success(Map.of("a", 0, "b", 0));
  private static final Answer SWITCHED_TO_C = Answer.success(Map.of("a", 0, "c", 0));

  private static PeerRequest connect(String transaction, SwarmAction... actions) {
    return new PeerRequest.Connect(transaction, List.of(actions));
  }

  private static SwarmAction join(String swarm, PeerMode mode) {
    return new SwarmAction(swarm, Action.JOIN, mode);
  }

  private static SwarmAction leave(String swarm) {
    return new SwarmAction(swarm, Action.LEAVE, null);
  }

  private static Attempt answered(PeerRequest request, Answer answer) {
    return new Attempt(request, answer);
  }

  private static Attempt unanswered(PeerRequest request) {
    return new Attempt(request, null);
  }

  private static Set<PeerState> after(PeerState before, List<Attempt> sequence) {
    return Linearization.explain(Set.of(before), List.of(sequence));
  }

  private static Set<PeerState> after(PeerState before, List<Attempt> one, List<Attempt> other) {
    return Linearization.explain(Set.of(before), List.of(one, other));
  }

  /** Returns the swarms of each of the states. */
  private static Set<Set<String>> swarms(Set<PeerState> states) {
    return states.stream().map(state -> state.joined().keySet()).collect(Collectors.toSet());
  }

  private static PeerState in(String... swarms) {
    Map<String, PeerMode> joined = new TreeMap<>();
    for (String swarm : swarms) {
      joined.put(swarm, PeerMode.LEECH);
    }
    return new PeerState(
        new TreeMap<>(joined), List.of(new PeerState.Past("t0", Answer.success(Map.of()))));
  }

  @Test
  void anAnswerThatContradictsTheStateIsNotExplained() {
    PeerRequest find = new PeerRequest.Find("t9", "a");
    assertEquals(Set.of(), after(in("a"), List.of(answered(find, Answer.FORBIDDEN))));
    assertEquals(Set.of(), after(PeerState.NEW, List.of(answered(find, JOINED_A))));
    assertEquals(Set.of(in("a")), after(in("a"), List.of(answered(find, JOINED_A))));
    PeerRequest report = new PeerRequest.Report("t9", List.of("a", "b"));
    Answer half = Answer.success(Map.of("a", 0, "b", 1));
    assertEquals(Set.of(in("a")), after(in("a"), List.of(answered(report, half))));
    assertEquals(Set.of(), after(in("a", "b"), List.of(answered(report, half))));
  }

  @Test
  void aRepeatIsAnsweredAsTheFirstWhetherThatWasExecutedOrNot() {
    List<Attempt> repeated = List.of(unanswered(A_TO_B), answered(A_TO_B, SWITCHED_TO_B));
    assertEquals(Set.of(Set.of("b")), swarms(after(in("a"), repeated)));
    List<Attempt> denied = List.of(unanswered(A_TO_B), answered(A_TO_B, Answer.FORBIDDEN));
    assertEquals(Set.of(), after(in("a"), denied));
    List<Attempt> left = List.of(unanswered(LEAVE_A), answered(LEAVE_A, JOINED_A));
    assertEquals(Set.of(Set.of()), swarms(after(in("a"), left)));
  }

  @Test
  void twoRequestsAtOnceAreExplainedByTheOrderThatTheirAnswersTell() {
    assertEquals(
        Set.of(Set.of("a")),
        swarms(
            after(
                PeerState.NEW,
                List.of(answered(JOIN_A, JOINED_A)),
                List.of(answered(JOIN_B, Answer.FORBIDDEN)))));
    assertEquals(
        Set.of(Set.of("c")),
        swarms(
            after(
                in("a"),
                List.of(answered(A_TO_B, Answer.FORBIDDEN)),
                List.of(answered(A_TO_C, SWITCHED_TO_C)))));
    assertEquals(
        Set.of(),
        after(
            in("a"),
            List.of(answered(A_TO_B, Answer.success(Map.of("a", 1, "b", 0)))),
            List.of(answered(A_TO_C, SWITCHED_TO_C))),
        "nobody is a LEECH of two swarms");
    assertEquals(
        Set.of(),
        after(
            in("a"),
            List.of(answered(A_TO_B, SWITCHED_TO_B)),
            List.of(answered(A_TO_C, SWITCHED_TO_C))));
    assertEquals(
        Set.of(),
        after(
            PeerState.NEW,
            List.of(answered(JOIN_A, JOINED_A)),
            List.of(answered(JOIN_B, JOINED_B))));
  }

  @Test
  void aRequestThatWasGivenUpLeavesBothStatesOpen() {
    assertEquals(
        Set.of(Set.of("a"), Set.of("b")), swarms(after(in("a"), List.of(unanswered(A_TO_B)))));
  }

  @Test
  void aLateExecutionExplainsWhatItsPeerDidNotExpect() {
    PeerRequest find = new PeerRequest.Find("t9", "a");
    List<Attempt> denied = List.of(answered(find, Answer.FORBIDDEN));
    assertEquals(Set.of(), after(in("a"), denied));
    assertEquals(Set.of(Set.of("b")), swarms(after(in("a"), denied, List.of(unanswered(A_TO_B)))));
  }

  @Test
  void aRegisteredPeerThatJoinsAsSeederStartsOver() {
    PeerRequest seed = connect("t9", join("b", PeerMode.SEEDER));
    assertEquals(
        Set.of(Set.of()), swarms(after(in("a"), List.of(answered(seed, Answer.FORBIDDEN)))));
    PeerRequest complete = connect("t9", leave("a"), join("a", PeerMode.SEEDER));
    Set<PeerState> completed = after(in("a"), List.of(answered(complete, JOINED_A)));
    assertEquals(
        Set.of(Map.of("a", PeerMode.SEEDER)),
        completed.stream().map(PeerState::joined).collect(Collectors.toSet()));
  }
}
