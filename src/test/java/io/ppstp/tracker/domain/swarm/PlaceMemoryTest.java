package io.ppstp.tracker.domain.swarm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.domain.address.Listing;
import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.domain.swarm.SwarmChange.MemberChange;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import io.ppstp.tracker.testing.LiveHeap;
import io.ppstp.tracker.testing.Peers;
import io.ppstp.tracker.testing.Seeds;
import java.util.Locale;
import java.util.SplittableRandom;
import javax.management.JMException;
import org.junit.jupiter.api.Test;

/** What it takes to find members of a large swarm by where they are. */
class PlaceMemoryTest {
  private static final int MEMBERS = 300_000;
  private static final int NETWORKS = 2_000;
  private static final double MOST_BYTES = 24;
  private static final int TRIES = 3;

  private final SplittableRandom random = Seeds.random();

  @Test
  void aMemberThatCanBeFoundByItsPlaceTakesFewBytesMore() throws JMException {
    filled(1_000, true);
    double more = bytesMore();
    // What tests before have left in this process may come and go meanwhile.
    for (int again = 1; again < TRIES && more > MOST_BYTES; again++) {
      more = bytesMore();
    }
    double least = more;
    assertTrue(least <= MOST_BYTES, () -> least + " bytes more");
  }

  private double bytesMore() throws JMException {
    long before = LiveHeap.now().bytes();
    Swarm without = filled(MEMBERS, false);
    long plain = LiveHeap.now().bytes() - before;
    Swarm with = filled(MEMBERS, true);
    long placed = LiveHeap.now().bytes() - before - plain;

    double more = (placed - plain) / (double) MEMBERS;
    System.out.printf(
        Locale.ROOT,
        "%.1f bytes per member, %.1f more with places%n",
        plain / (double) MEMBERS,
        more);
    assertTrue(without.size() == with.size());
    return more;
  }

  /** One in five shares its public address with others; networks are of very different sizes. */
  private Swarm filled(int members, boolean placed) {
    Swarm swarm = new Swarm("s");
    for (int i = 0; i < members; i++) {
      int network = 1 + (int) (NETWORKS * Math.pow(random.nextDouble(), 4));
      int host = random.nextInt(5) == 0 ? 1 + random.nextInt(members / 10) : members + i;
      Place place = placed ? new Place(network, host) : Place.UNKNOWN;
      Member member =
          new Member(
              "m" + i,
              PeerMode.LEECH,
              1,
              new Listing(Peers.addresses(80), null, place),
              PeerNum.NOTHING,
              null);
      swarm.apply(new MemberChange(member.id(), 1, member));
    }
    return swarm;
  }
}
