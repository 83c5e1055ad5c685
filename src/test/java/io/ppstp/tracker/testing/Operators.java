package io.ppstp.tracker.testing;

import io.ppstp.tracker.config.ConfigView.ConfigValue;
import io.ppstp.tracker.config.Live;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.management.ManagementVerticle.Acts;
import io.ppstp.tracker.management.ManagementVerticle.Gate;
import io.ppstp.tracker.management.ManagementVerticle.Operations;
import io.ppstp.tracker.management.NodeControl;
import io.ppstp.tracker.management.access.Access;
import io.ppstp.tracker.membership.PeerRemoval;
import io.ppstp.tracker.rules.RuleBook;
import io.ppstp.tracker.rules.RuleSet;
import io.ppstp.tracker.security.Audit;
import io.ppstp.tracker.store.local.LocalStore;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;

/** What a management room needs of operators, where a test has none. Stateless. */
public final class Operators {
  private Operators() {}

  /** A node alone that does nothing. */
  private static final class Idle implements NodeControl {
    @Override
    public List<ClusterMember> members() {
      return List.of(new ClusterMember("", "", true));
    }

    @Override
    public boolean isSafe() {
      return true;
    }

    @Override
    public boolean isDraining() {
      return false;
    }

    @Override
    public void drain(boolean draining) {}

    @Override
    public List<Reloaded> reload(String why) {
      return List.of();
    }

    @Override
    public List<ConfigValue> configuration() {
      return List.of();
    }
  }

  /** Returns what serves this machine's own users. */
  public static Operations local(TrackerConfig config) {
    Access access = new Access(config.management(), null, Audit.NONE, InstantSource.system());
    return new Operations(new Gate(access, null), new Idle(), Audit.NONE);
  }

  /** Returns acts on a tracker without peers. */
  public static Acts acts(Vertx vertx, InstantSource clock) {
    RuleBook rules = Await.result(RuleBook.open(vertx, new Live<>(RuleSet.NONE), clock));
    return new Acts(
        rules, new PeerRemoval(new LocalStore(1), 1, clock, event -> {}, new SplittableRandom(1)));
  }
}
