package io.ppstp.tracker.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.rules.Rule.Kind;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What rules forbid, and what is none. */
class RuleSetTest {
  private static Rule rule(Kind kind, String what) {
    return new Rule("id-" + what, kind, what, "alice", "why", 1000, 2000);
  }

  private static IpAddress ip(String text) {
    return Objects.requireNonNull(IpAddress.parse(text));
  }

  @Test
  void swarmsAreClosedByIdAndByBeginning() {
    RuleSet rules = RuleSet.of(List.of(rule(Kind.CLOSE, "news"), rule(Kind.CLOSE, "match-*")));

    assertTrue(rules.closes("news"));
    assertTrue(rules.closes("match-"));
    assertTrue(rules.closes("match-7"));
    assertFalse(rules.closes("news-2"));
    assertFalse(rules.closes("match"));
    assertTrue(RuleSet.of(List.of(rule(Kind.CLOSE, "*"))).closes("anything"));
  }

  @Test
  void networksAreRefusedInBothFamilies() {
    RuleSet rules =
        RuleSet.of(
            List.of(
                rule(Kind.REFUSE, "192.0.2.0/24"),
                rule(Kind.REFUSE, "2001:db8::/32"),
                rule(Kind.REFUSE, "198.51.100.7")));

    for (String refused : List.of("192.0.2.9", "::ffff:192.0.2.9", "2001:db8::1", "198.51.100.7")) {
      assertTrue(rules.refuses(ip(refused)), refused);
    }
    for (String served : List.of("192.0.3.9", "2001:db9::1", "198.51.100.8")) {
      assertFalse(rules.refuses(ip(served)), served);
    }
    assertFalse(rules.closes("192.0.2.0/24"));
    assertSame(RuleSet.NONE, RuleSet.of(List.of()));
  }

  @Test
  void whatMakesNoSenseIsFaulted() {
    for (String good : List.of("a", "a*", "*", "x".repeat(Rule.LONGEST))) {
      assertNull(Rule.fault(Kind.CLOSE, good), good);
    }
    for (String bad : List.of("", "a*b", "**", "x".repeat(Rule.LONGEST + 1))) {
      assertNotNull(Rule.fault(Kind.CLOSE, bad), bad);
    }
    for (String bad : List.of("", "a", "10.0.0.0/33", "10.0.0.0/", "*")) {
      assertNotNull(Rule.fault(Kind.REFUSE, bad), bad);
    }
  }

  @Test
  void rulesAreKeptAsTextAndForeignTextIsNone() {
    Rule rule = rule(Kind.CLOSE, "a \"\u00fc*");

    assertEquals(rule, Rule.decode(rule.encode()));
    for (String foreign :
        List.of("", "{", "[]", "{}", "{\"kind\":\"hide\",\"what\":\"a\"}", "{\"kind\":7}")) {
      assertNull(Rule.decode(foreign), foreign);
    }
    assertTrue(rule.isInForce(1999));
    assertFalse(rule.isInForce(2000));
  }
}
