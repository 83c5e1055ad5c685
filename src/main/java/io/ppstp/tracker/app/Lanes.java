package io.ppstp.tracker.app;

import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * As many event loops as rooms of one kind run at most. Instance {@code i} of each kind is on the
 * same one, so that a request mostly stays on one thread. Thread-safe.
 */
final class Lanes {
  private final List<Lane> lanes;

  private Lanes(List<Lane> lanes) {
    this.lanes = List.copyOf(lanes);
  }

  /** Opens {@code count} lanes. */
  static Future<Lanes> open(Vertx vertx, int count) {
    List<Lane> lanes = new ArrayList<>();
    List<Future<String>> opened = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Lane lane = new Lane();
      lanes.add(lane);
      opened.add(vertx.deployVerticle(lane));
    }
    return Future.join(opened).map(done -> new Lanes(lanes));
  }

  /** Deploys {@code count} rooms of one kind and returns what undeploys them. */
  Future<Rooms> deploy(int count, IntFunction<Deployable> kind) {
    List<Deployable> rooms = new ArrayList<>();
    List<Future<Void>> deployed = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Deployable room = kind.apply(i);
      rooms.add(room);
      deployed.add(lane(i).add(room));
    }
    return Future.join(deployed).map(done -> new Rooms(this, rooms));
  }

  private Lane lane(int instance) {
    return lanes.get(instance % lanes.size());
  }

  /** Rooms of one kind, deployed. */
  record Rooms(Lanes lanes, List<Deployable> rooms) {
    /** Undeploys them, side by side. */
    Future<?> undeploy() {
      List<Future<Void>> undeployed = new ArrayList<>();
      for (int i = 0; i < rooms.size(); i++) {
        undeployed.add(lanes.lane(i).remove(rooms.get(i)));
      }
      return Future.join(undeployed);
    }
  }
}
