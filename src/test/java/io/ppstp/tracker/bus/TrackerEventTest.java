package io.ppstp.tracker.bus;

import static io.ppstp.tracker.testing.TrackerEvents.json;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ppstp.tracker.bus.TrackerEvent.LeaveReason;
import io.ppstp.tracker.domain.Departure.Ended;
import io.ppstp.tracker.domain.RefusalCause;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.protocol.Request.RequestType;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The documented JSON forms, to the byte: analysts' programs depend on them. */
class TrackerEventTest {
  private static final long AT = 1_795_262_400_007L;
  private static final long NONE = TrackerEvent.UNKNOWN;

  static Stream<Arguments> forms() {
    return Stream.of(
        Arguments.of(
            new TrackerEvent.Registered(AT, "p1"),
            "{'event':'registered','at':'2026-11-21T12:00:00.007Z','peer_id':'p1'}"),
        Arguments.of(
            new TrackerEvent.Joined(AT, "p1", "s1", PeerMode.LEECH),
            "{'event':'joined','at':'2026-11-21T12:00:00.007Z','peer_id':'p1',"
                + "'swarm_id':'s1','peer_mode':'LEECH'}"),
        Arguments.of(
            new TrackerEvent.Left(AT, "p1", "s1", false, LeaveReason.LEFT, 61_007),
            "{'event':'left','at':'2026-11-21T12:00:00.007Z','peer_id':'p1',"
                + "'swarm_id':'s1','registered':false,'reason':'left','watched_ms':61007}"),
        Arguments.of(
            new TrackerEvent.Left(AT, "p1", "s1", true, LeaveReason.NEW_MODE, NONE),
            "{'event':'left','at':'2026-11-21T12:00:00.007Z','peer_id':'p1',"
                + "'swarm_id':'s1','registered':true,'reason':'new_mode'}"),
        Arguments.of(
            new TrackerEvent.Switched(AT, "p1", "s1", "s2", PeerMode.LEECH, 7),
            "{'event':'switched','at':'2026-11-21T12:00:00.007Z','peer_id':'p1',"
                + "'from_swarm_id':'s1','swarm_id':'s2','peer_mode':'LEECH','watched_ms':7}"),
        Arguments.of(
            new TrackerEvent.Expired(
                AT,
                "p1",
                List.of(new Ended(new SwarmKey("s1"), 5), new Ended(new SwarmKey("s2"), 0))),
            "{'event':'expired','at':'2026-11-21T12:00:00.007Z','peer_id':'p1',"
                + "'swarm_ids':['s1','s2'],'reason':'silent',"
                + "'memberships':[{'swarm_id':'s1','watched_ms':5},"
                + "{'swarm_id':'s2','watched_ms':0}]}"),
        Arguments.of(
            new TrackerEvent.Left(
                AT, "p1", "s1", true, LeaveReason.LEFT, 7, new StreamStats("s1", 8, 9, 0, 0)),
            "{'event':'left','at':'2026-11-21T12:00:00.007Z','peer_id':'p1',"
                + "'swarm_id':'s1','registered':true,'reason':'left','watched_ms':7,"
                + "'uploaded_bytes':8,'downloaded_bytes':9}"),
        Arguments.of(
            new TrackerEvent.Expired(
                AT,
                "p1",
                List.of(new Ended(new SwarmKey("s1"), 5), new Ended(new SwarmKey("s2"), 0)),
                List.of(new StreamStats("s2", 8, 9, 0, 0))),
            "{'event':'expired','at':'2026-11-21T12:00:00.007Z','peer_id':'p1',"
                + "'swarm_ids':['s1','s2'],'reason':'silent',"
                + "'memberships':[{'swarm_id':'s1','watched_ms':5},"
                + "{'swarm_id':'s2','watched_ms':0,'uploaded_bytes':8,'downloaded_bytes':9}]}"),
        Arguments.of(
            new TrackerEvent.Reported(
                AT,
                "p1",
                new StreamStats("s1", Long.MAX_VALUE, 768, 0, 5),
                new StreamStats("s1", 7, 769, 0, 5)),
            "{'event':'reported','at':'2026-11-21T12:00:00.007Z','peer_id':'p1',"
                + "'swarm_id':'s1','uploaded_bytes':9223372036854775807,'downloaded_bytes':768,"
                + "'available_bandwidth':0,'concurrent_links':5,"
                + "'uploaded_delta':9223372036854775800}"),
        Arguments.of(
            new TrackerEvent.Accounted(
                AT, "p1", "s1", 7, 3, new StreamStats("s1", 8, 9, NONE, NONE), true),
            "{'event':'account','at':'2026-11-21T12:00:00.007Z','peer_id':'p1',"
                + "'swarm_id':'s1','watched_ms':7,'requests':3,"
                + "'uploaded_bytes':8,'downloaded_bytes':9,'final':true}"),
        Arguments.of(
            new TrackerEvent.Refused(
                AT, "p1", RequestType.STAT_REPORT, RefusalCause.UNREGISTERED, null),
            "{'event':'refused','at':'2026-11-21T12:00:00.007Z','peer_id':'p1',"
                + "'request_type':'STAT_REPORT','error_code':3,'cause':'unregistered'}"),
        Arguments.of(
            new TrackerEvent.Refused(AT, "p1", RequestType.FIND, RefusalCause.NOT_A_MEMBER, "s"),
            "{'event':'refused','at':'2026-11-21T12:00:00.007Z','peer_id':'p1',"
                + "'request_type':'FIND','error_code':3,'cause':'not_a_member','swarm_id':'s'}"),
        Arguments.of(
            new TrackerEvent.Configured(AT, List.of("limits.peers"), List.of("http.port")),
            "{'event':'configured','at':'2026-11-21T12:00:00.007Z',"
                + "'settings':['limits.peers'],'waiting':['http.port']}"));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void eachKindHasItsForm(TrackerEvent event, String form) {
    assertEquals(form.replace('\'', '"'), json(event).encode());
  }

  @Test
  void everyKindIsCovered() {
    long kinds = forms().map(form -> form.get()[0].getClass()).distinct().count();

    assertEquals(kindsOf(TrackerEvent.class), kinds);
  }

  /** Returns how many kinds there are below a sealed type. */
  static long kindsOf(Class<?> type) {
    return type.isSealed()
        ? Stream.of(type.getPermittedSubclasses()).mapToLong(TrackerEventTest::kindsOf).sum()
        : 1;
  }

  @Test
  void kindsAreNamedOnce() {
    assertEquals(
        TrackerEvent.KINDS,
        forms().map(form -> ((TrackerEvent) form.get()[0]).kind()).collect(Collectors.toSet()));
  }

  /** From 1 on without a gap, each under the name of its node. */
  @Test
  void whatIsPublishedIsNumbered() {
    EventNumbers numbers = new EventNumbers(0xabcL, PeerNames.CLEAR);
    TrackerEvent ofPeer = new TrackerEvent.Registered(AT, "p1");
    TrackerEvent ofBrowser = new TrackerEvent.Registered(AT, "wt:p2");

    assertEquals(
        ("{'v':1,'node':'000000000abc','seq':1,'event':'registered',"
                + "'at':'2026-11-21T12:00:00.007Z','peer_id':'p1','protocol':'ppstp'}")
            .replace('\'', '"'),
        numbers.number(ofPeer).toJson().encode());
    assertEquals(
        ("{'v':1,'node':'000000000abc','seq':2,'event':'registered',"
                + "'at':'2026-11-21T12:00:00.007Z','peer_id':'wt:p2','protocol':'webtorrent'}")
            .replace('\'', '"'),
        numbers.number(ofBrowser).toJson().encode());
    TrackerEvent ofClient = new TrackerEvent.Registered(AT, "bt:p3");
    assertEquals("bittorrent", numbers.number(ofClient).toJson().getString("protocol"));
  }

  @Test
  void idsAreEscapedAndPassedOnAsTheyAre() {
    TrackerEvent event =
        new TrackerEvent.Left(0, "a\"\\\u00fc\ud83d\udce1", "", true, LeaveReason.LEFT, NONE);

    assertEquals(
        "{\"event\":\"left\",\"at\":\"1970-01-01T00:00:00Z\",\"peer_id\":\"a\\\"\\\\\u00fc\ud83d\udce1\","
            + "\"swarm_id\":\"\",\"registered\":true,\"reason\":\"left\"}",
        json(event).encode());
  }
}
