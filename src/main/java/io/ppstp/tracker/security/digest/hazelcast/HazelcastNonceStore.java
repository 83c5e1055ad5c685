package io.ppstp.tracker.security.digest.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import io.ppstp.tracker.logging.LogLimiter;
import io.ppstp.tracker.security.digest.NonceKeys;
import io.ppstp.tracker.security.digest.NonceShares;
import io.ppstp.tracker.security.digest.NonceStore;
import io.ppstp.tracker.security.digest.NonceStore.Nonce;
import io.ppstp.tracker.security.digest.NonceStore.Nonces;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger of a cluster: each use of a count is one entry processor on the nonce's window, which
 * all nodes see. Thread-safe.
 *
 * <p>A window lives a little longer than its nonce. This node puts in a bounded number of nonces;
 * those that others have put in do not count here. Each account has its share of them. If all
 * copies of a window die at once, its counts can be used once more until the nonce expires.
 */
public final class HazelcastNonceStore implements NonceStore {
  private static final Logger LOG = LoggerFactory.getLogger(HazelcastNonceStore.class);
  private static final long REFRESH_MS = 5000;

  /** What clocks may differ by, so that a window never goes before its nonce. */
  private static final long MARGIN_MS = 30_000;

  private final Vertx vertx;
  private final HazelcastInstance hazelcast;
  private final IMap<String, WindowValue> windows;
  private final long patienceMs;
  private final NonceShares own;
  private final AtomicLong nextTicket;

  private HazelcastNonceStore(
      Vertx vertx,
      HazelcastInstance hazelcast,
      int maximum,
      Duration patience,
      RandomGenerator random) {
    this.vertx = vertx;
    this.hazelcast = hazelcast;
    this.windows = hazelcast.getMap(NonceConfig.WINDOWS);
    this.patienceMs = patience.toMillis();
    this.own = new NonceShares(maximum);
    this.nextTicket = new AtomicLong(random.nextLong());
  }

  /**
   * Opens the maps of {@code hazelcast}, which {@link NonceConfig} has prepared, and reads the
   * shared key or makes it; blocks. From then on {@code vertx} looks after the key.
   *
   * @param maximum nonces that this node puts in at once
   * @param patience how long another node may take to answer
   */
  public static Nonces open(
      Vertx vertx,
      HazelcastInstance hazelcast,
      int maximum,
      Duration patience,
      RandomGenerator random) {
    SharedKey key = SharedKey.of(hazelcast.getMap(NonceConfig.KEYS), NonceKeys.newKey(random));
    vertx.setPeriodic(REFRESH_MS, tick -> refresh(vertx, key));
    return new Nonces(
        key.keys(), new HazelcastNonceStore(vertx, hazelcast, maximum, patience, random));
  }

  /** Ordered, so that refreshes that take long queue up behind each other and fill no pool. */
  private static void refresh(Vertx vertx, SharedKey key) {
    vertx
        .executeBlocking(
            () -> {
              key.refresh();
              return key;
            })
        .onFailure(failure -> LOG.debug("the key of nonces could not be looked at again", failure));
  }

  @Override
  public Future<Use> use(Nonce nonce, String account, long count, long expiresAtMs) {
    try {
      long nowMs = hazelcast.getCluster().getClusterTime();
      long lifeMs = Math.max(0, expiresAtMs - nowMs) + MARGIN_MS;
      UseProcessor processor =
          new UseProcessor(
              count, nextTicket.getAndIncrement(), lifeMs, own.hasRoom(account, nowMs));
      return Future.fromCompletionStage(
              windows.submitToKey(id(nonce), processor), vertx.getOrCreateContext())
          .timeout(patienceMs, TimeUnit.MILLISECONDS)
          .map(answer -> concluded(answer, account, expiresAtMs));
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private static String id(Nonce nonce) {
    return Long.toHexString(nonce.mintedAtMs()) + '-' + Long.toHexString(nonce.serial());
  }

  private Use concluded(int answer, String account, long expiresAtMs) {
    if ((answer & UseProcessor.CREATED) != 0) {
      own.add(account, expiresAtMs + MARGIN_MS);
    }
    return UseProcessor.use(answer);
  }

  /**
   * The key of nonces as the cluster has it: made by the first node, then read by all. Thread-safe;
   * blocks, so not for an event loop.
   */
  static final class SharedKey {
    private static final Logger LOG = LoggerFactory.getLogger(SharedKey.class);
    private static final LogLimiter LINES = new LogLimiter(System::nanoTime);
    private static final String NAME = "digest.nonce";

    private final IMap<String, byte[]> map;
    private final NonceKeys keys;

    private SharedKey(IMap<String, byte[]> map, NonceKeys keys) {
      this.map = map;
      this.keys = keys;
    }

    /**
     * Reads the key.
     *
     * @param proposal becomes the key if there is none
     */
    static SharedKey of(IMap<String, byte[]> map, byte[] proposal) {
      byte[] present = map.putIfAbsent(NAME, proposal);
      boolean shared = present != null && isUsable(present);
      return new SharedKey(map, new NonceKeys(shared ? present : proposal));
    }

    /** What was not made by a node of ours, and stands in the way until an operator looks at it. */
    private static boolean isUsable(byte[] present) {
      if (NonceKeys.isKey(present)) {
        return true;
      }
      long heldBack = LINES.ask("damaged key");
      if (heldBack != LogLimiter.HOLD_BACK) {
        LOG.error(
            "the shared key of nonces has {} bytes instead of {}: this node takes no notice of it,"
                + " so clients must authenticate anew at each node ({} more such lines before)",
            present.length,
            NonceKeys.LENGTH,
            heldBack);
      }
      return false;
    }

    NonceKeys keys() {
      return keys;
    }

    /**
     * Looks again: after a network split the key of the other side may be in force, and after the
     * loss of nodes none at all.
     */
    void refresh() {
      byte[] present = map.putIfAbsent(NAME, keys.current());
      if (present != null && isUsable(present)) {
        keys.adopt(present);
      }
    }
  }
}
