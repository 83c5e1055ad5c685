package io.ppstp.tracker.simulate.network;

import io.ppstp.tracker.domain.address.Listing;
import io.ppstp.tracker.domain.address.PeerAddresses;
import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.domain.swarm.Fairness;
import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.swarm.PeerList.MemberDraw;
import io.ppstp.tracker.domain.swarm.Selection;
import io.ppstp.tracker.domain.swarm.SwarmChange.MemberChange;
import io.ppstp.tracker.domain.swarm.SwarmKey;
import io.ppstp.tracker.domain.swarm.SwarmQuery;
import io.ppstp.tracker.domain.swarm.SwarmShard;
import io.ppstp.tracker.protocol.PeerNum;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * One live stream under one policy, chunk by chunk. The tracker is the real one as far as lists go:
 * a swarm of the domain, which members join and leave, and of which lists are drawn. Confined to
 * one thread; the same scenario and policy give the same result.
 *
 * <p>Time goes by chunks. In each the sources get a new one, and every viewer takes what it misses
 * from its neighbours, as long as these can send: half the time what is due soonest, else what is
 * newest. What one has got it can pass on with the next chunk. Viewers play some time behind the
 * sources, all the same, and begin once they have a few chunks on end.
 */
public final class StreamSimulation {
  private static final SwarmKey SWARM = new SwarmKey("live");
  private static final int SOURCES = 10;
  private static final double SOURCE_UPLOAD = 30;
  private static final double CHUNKS_PER_SECOND = 2;
  private static final int KBIT_OF_STREAM = 4000;
  private static final int ARRIVAL_SECONDS = 10;
  private static final int LISTED = 29;
  private static final int PREFERRED_RATE = 100;
  private static final long ORDER_STEP = 0x9e3779b97f4a7c15L;

  /** Connections that a viewer makes itself, those that it has at most, and when it looks again. */
  private static final int OWN_CONNECTIONS = 12;

  private static final int MOST_CONNECTIONS = 36;
  private static final int FEW_CONNECTIONS = 6;
  private static final double FIND_SECONDS = 60;

  /** Chunks from the source to the screen, and chunks on end with which a viewer begins. */
  private static final int DELAY = 24;

  private static final int BEFORE_START = 4;
  private static final int DOWNLOADS = 4;
  private static final long WANTED = (1L << (DELAY + 1)) - 1;
  private static final long FIRST_CHUNKS = ((1L << BEFORE_START) - 1) << (DELAY + 1 - BEFORE_START);

  private static final int LOOK_EVERY = 20;
  private static final int SETTLED = 20;

  private final NetworkScenario scenario;
  private final Selection selection;
  private final boolean byCost;
  private final SplittableRandom random;
  private final Population population;
  private final SwarmShard tracker = new SwarmShard();
  private final Mesh mesh;
  private final StreamFigures figures;
  private final int size;

  private final int[] networks;
  private final double[] uploads;
  private final double[] credits;
  private final int[] visits;
  private final int[] lists;

  /** When a viewer joined, in chunks; -1 before. */
  private final int[] joined;

  private final boolean[] playing;

  /** Bit n: the chunk that came n chunks ago; and as it was before this one. */
  private final long[] has;

  private final long[] had;
  private long stamp;

  private StreamSimulation(NetworkScenario scenario, Selection selection, boolean byCost) {
    this.scenario = scenario;
    this.selection = selection;
    this.byCost = byCost;
    this.random = new SplittableRandom(scenario.seed());
    this.population = new Population(scenario.networks(), scenario.zipf(), random.split());
    this.size = SOURCES + scenario.peers();
    this.mesh = new Mesh(size, MOST_CONNECTIONS);
    this.figures = new StreamFigures(scenario.networks());
    this.networks = new int[size];
    this.uploads = new double[size];
    this.credits = new double[size];
    this.visits = new int[size];
    this.lists = new int[size];
    this.joined = new int[size];
    this.playing = new boolean[size];
    this.has = new long[size];
    this.had = new long[size];
  }

  /** Plays the stream to its end; takes some seconds for 20,000 peers and two minutes. */
  public static NetworkResult run(NetworkScenario scenario, String policy, Selection selection) {
    return run(scenario, policy, selection, false);
  }

  /**
   * Plays the same.
   *
   * @param byCost whether those near are chosen by what it costs to reach them
   */
  public static NetworkResult run(
      NetworkScenario scenario, String policy, Selection selection, boolean byCost) {
    StreamSimulation simulation = new StreamSimulation(scenario, selection, byCost);
    simulation.play();
    return simulation.figures.result(policy, CHUNKS_PER_SECOND);
  }

  private void play() {
    Arrays.fill(joined, -1);
    for (int source = 0; source < SOURCES; source++) {
      arrive(source, 0);
      uploads[source] = SOURCE_UPLOAD;
    }
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      order[i] = i;
    }
    int chunks = (int) (scenario.seconds() * CHUNKS_PER_SECOND);
    for (int now = 1; now <= chunks; now++) {
      change(now);
      for (int i = 0; i < size; i++) {
        has[i] = i < SOURCES ? -1 : has[i] << 1;
        had[i] = has[i];
        credits[i] = Math.min(credits[i], 1) + uploads[i];
      }
      for (int i = size - 1; i > 0; i--) {
        int other = random.nextInt(i + 1);
        int peer = order[i];
        order[i] = order[other];
        order[other] = peer;
      }
      for (int peer : order) {
        if (peer >= SOURCES && joined[peer] >= 0) {
          take(peer);
        }
      }
      judge(now);
    }
  }

  private void change(int now) {
    double leave = 1 / (scenario.staySeconds() * CHUNKS_PER_SECOND);
    double find = 1 / (FIND_SECONDS * CHUNKS_PER_SECOND);
    double arrive = 1 / (ARRIVAL_SECONDS * CHUNKS_PER_SECOND);
    boolean allIn = now > ARRIVAL_SECONDS * CHUNKS_PER_SECOND * 3;
    for (int peer = SOURCES; peer < size; peer++) {
      if (joined[peer] < 0) {
        if (allIn || random.nextDouble() < arrive) {
          arrive(peer, now);
        }
      } else if (random.nextDouble() < leave) {
        depart(peer);
        arrive(peer, now);
      } else if (random.nextDouble() < find) {
        mesh.dropOne(peer, random);
        find(peer, now);
      } else if (mesh.degree(peer) < FEW_CONNECTIONS) {
        find(peer, now);
      }
    }
  }

  private void arrive(int peer, int now) {
    networks[peer] = population.network(random);
    uploads[peer] = population.upload(networks[peer], random);
    credits[peer] = 0;
    visits[peer]++;
    lists[peer] = 0;
    joined[peer] = now;
    playing[peer] = false;
    has[peer] = 0;
    Place place = new Place(networks[peer], 1 + peer);
    Member member =
        new Member(
            id(peer),
            peer < SOURCES ? PeerMode.SEEDER : PeerMode.LEECH,
            ++stamp,
            new Listing(PeerAddresses.NONE, null, place),
            stating(peer < SOURCES ? SOURCE_UPLOAD : uploads[peer]),
            null);
    tracker.apply(SWARM, new MemberChange(member.id(), stamp, member));
    find(peer, now);
  }

  /** Returns what a viewer says that it can upload, which is what it can. */
  private static PeerNum stating(double upload) {
    return new PeerNum(
        PeerNum.NOT_STATED,
        null,
        PeerNum.NOT_STATED,
        PeerNum.NOT_STATED,
        Math.round(upload * KBIT_OF_STREAM));
  }

  private void depart(int peer) {
    tracker.apply(SWARM, new MemberChange(id(peer), ++stamp, null));
    mesh.isolate(peer);
  }

  private String id(int peer) {
    return peer + "." + visits[peer];
  }

  private void find(int peer, int now) {
    MemberDraw list =
        new SwarmQuery.DrawMembers(
                SWARM, id(peer), LISTED, random.nextLong(), null, selectionFor(peer, now))
            .answer(tracker);
    int wanted = OWN_CONNECTIONS - mesh.degree(peer);
    for (String id : list.ids()) {
      int other = Integer.parseInt(id.substring(0, id.indexOf('.')));
      figures.listed(networks[other] == networks[peer]);
      if (wanted > 0 && mesh.connect(peer, other)) {
        wanted--;
      }
    }
  }

  private Selection selectionFor(int peer, int now) {
    if (selection.isRandom()) {
      return selection;
    }
    long second = (long) (now / CHUNKS_PER_SECOND);
    Selection priced = byCost ? selection.at(population.costsFrom(networks[peer])) : selection;
    return priced.after(
        new Fairness(PREFERRED_RATE, 0, second, lists[peer]++, id(peer).hashCode() * ORDER_STEP));
  }

  private void take(int peer) {
    int degree = mesh.degree(peer);
    if (degree == 0) {
      return;
    }
    int start = random.nextInt(degree);
    int looks = scenario.nearFirst() ? 2 * degree : degree;
    int left = DOWNLOADS;
    for (int i = 0; i < looks && left > 0; i++) {
      int from = mesh.neighbour(peer, (start + i) % degree);
      boolean passedBy = scenario.nearFirst() && i < degree && networks[from] != networks[peer];
      long useful = had[from] & ~has[peer] & WANTED;
      if (passedBy || useful == 0 || credits[from] < 1) {
        continue;
      }
      boolean soonest = random.nextInt(2) == 0;
      has[peer] |= soonest ? Long.highestOneBit(useful) : Long.lowestOneBit(useful);
      credits[from]--;
      left--;
      boolean farther = Population.region(networks[from]) != Population.region(networks[peer]);
      figures.sent(networks[from] != networks[peer], farther);
    }
  }

  private void judge(int now) {
    for (int peer = SOURCES; peer < size; peer++) {
      if (joined[peer] < 0) {
        continue;
      }
      if (playing[peer]) {
        figures.due(networks[peer], (has[peer] >> DELAY & 1) != 0);
      } else if ((has[peer] & FIRST_CHUNKS) == FIRST_CHUNKS) {
        playing[peer] = true;
        figures.started(now - joined[peer]);
      }
    }
    if (now % LOOK_EVERY == 0) {
      boolean[] reachable = mesh.reachable(SOURCES);
      int cutOff = 0;
      for (int peer = SOURCES; peer < size; peer++) {
        cutOff += joined[peer] >= 0 && now - joined[peer] > SETTLED && !reachable[peer] ? 1 : 0;
      }
      figures.cutOff(cutOff);
    }
  }
}
