package io.ppstp.tracker.app;

import io.ppstp.tracker.cluster.ClusterView.ClusterStatus;
import io.ppstp.tracker.config.ConfigView.ConfigValue;
import io.ppstp.tracker.config.Live;
import io.ppstp.tracker.management.NodeControl;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an operator can have this node do. Thread-safe. */
final class NodeControls implements NodeControl {
  private final Platform platform;
  private final LiveSettings settings;
  private volatile @Nullable Reloader reloader;
  private volatile @Nullable Live<Boolean> ingress;
  private volatile boolean draining;

  NodeControls(Platform platform, LiveSettings settings) {
    this.platform = platform;
    this.settings = settings;
  }

  /** Takes what reads files again, once it is there. */
  void take(Reloader ready) {
    reloader = ready;
  }

  /** Takes what tells ingress to drain, once it is there. */
  void take(Live<Boolean> ready) {
    ingress = ready;
    if (draining) {
      ready.change(true);
    }
  }

  @Override
  public List<ClusterMember> members() {
    Optional<ClusterStatus> cluster = platform.clusterStatus();
    return cluster.isEmpty()
        ? List.of(new ClusterMember("", "", true))
        : cluster.get().members().stream()
            .filter(it -> !it.isLite())
            .map(it -> new ClusterMember(it.id(), it.address(), it.isThis()))
            .toList();
  }

  @Override
  public boolean isSafe() {
    return platform.clusterStatus().map(ClusterStatus::safe).orElse(true);
  }

  @Override
  public boolean isDraining() {
    return draining;
  }

  @Override
  public void drain(boolean now) {
    draining = now;
    Live<Boolean> told = ingress;
    if (told != null) {
      told.change(now);
    }
  }

  @Override
  public List<Reloaded> reload(String why) {
    Reloader ready = reloader;
    return ready == null ? List.of() : ready.reloadAll(why);
  }

  @Override
  public List<ConfigValue> configuration() {
    return settings.inForce();
  }
}
