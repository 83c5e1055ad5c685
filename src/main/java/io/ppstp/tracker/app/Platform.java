package io.ppstp.tracker.app;

import io.ppstp.tracker.bus.BusEventSink;
import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.cluster.ClusterConfigException;
import io.ppstp.tracker.cluster.ClusterNode;
import io.ppstp.tracker.cluster.ClusterReport;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.store.TrackerStore;
import io.ppstp.tracker.store.local.LocalStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;

/** What a tracker stands on, alone or as a node of a cluster. Thread-safe. */
interface Platform {

  /** Returns the Vert.x that the rooms are deployed on; closing it leaves a cluster. */
  Vertx vertx();

  TrackerStore store();

  EventSink events();

  InstantSource clock();

  /** Returns whether the node may take traffic. */
  boolean mayServe();

  /** Adds what there is to say about the platform to a status report. */
  void describe(JsonObject status);

  /** Deploys the work that the platform itself needs done. */
  Future<?> deployOwnWork();

  /** Prepares the platform that {@code config} asks for. */
  static Future<Platform> of(TrackerConfig config) {
    if (!config.cluster().enabled()) {
      return Future.succeededFuture(
          new Alone(Vertx.vertx(vertxOptions()), new LocalStore(config.limits().peers())));
    }
    try {
      return ClusterNode.join(config, vertxOptions())
          .map(node -> new Clustered(node, config.cluster().orphansPerTick()));
    } catch (ClusterConfigException e) {
      return Future.failedFuture(new StartException(String.valueOf(e.getMessage())));
    }
  }

  static VertxOptions vertxOptions() {
    // Nothing is served from files, so nothing has to be cached in any.
    FileSystemOptions noFiles =
        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);
    return new VertxOptions().setPreferNativeTransport(true).setFileSystemOptions(noFiles);
  }

  /** One process, with its state inside. */
  record Alone(Vertx vertx, TrackerStore store, InstantSource clock) implements Platform {
    Alone(Vertx vertx, TrackerStore store) {
      this(vertx, store, new SteadyClock());
    }

    @Override
    public EventSink events() {
      return new BusEventSink(vertx);
    }

    @Override
    public boolean mayServe() {
      return true;
    }

    @Override
    public void describe(JsonObject status) {}

    @Override
    public Future<?> deployOwnWork() {
      return Future.succeededFuture();
    }
  }

  /** One node of many, with its state shared among them. */
  record Clustered(ClusterNode node, int orphansPerTick) implements Platform {
    @Override
    public Vertx vertx() {
      return node.vertx();
    }

    @Override
    public TrackerStore store() {
      return node.store();
    }

    @Override
    public EventSink events() {
      return node.events();
    }

    @Override
    public InstantSource clock() {
      return node.clock();
    }

    @Override
    public boolean mayServe() {
      return node.mayServe();
    }

    @Override
    public void describe(JsonObject status) {
      status.put("cluster", ClusterReport.of(node.view()));
    }

    @Override
    public Future<?> deployOwnWork() {
      return node.vertx()
          .deployVerticle(node.periodicWork(orphansPerTick))
          .compose(deployed -> node.settle());
    }
  }
}
