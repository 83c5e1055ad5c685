package io.ppstp.tracker.swarm;

import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.protocol.IpAddress;
import io.ppstp.tracker.protocol.Leniency;
import io.ppstp.tracker.protocol.PeerAddress.Withheld;
import java.security.SecureRandom;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.ObjIntConsumer;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;

/**
 * Whom this room tells of what it did, and where it has its random numbers from; immutable. Each
 * part is thread-safe.
 *
 * @param events told of every change of state
 * @param leniencies told of lenient readings that only the state reveals
 * @param withheld told how many addresses were kept from peers, and why
 * @param seeds unpredictable numbers, one for each request
 * @param secrets for registrations without credentials; has to be fit for keys
 * @param untold what this node may still have to publish
 * @param asns numbers of the autonomous systems that addresses are in, 0 if not known
 * @param closed whether an operator has closed a swarm
 */
public record SwarmServices(
    EventSink events,
    Consumer<Set<Leniency>> leniencies,
    ObjIntConsumer<Withheld> withheld,
    LongSupplier seeds,
    RandomGenerator secrets,
    UntoldConnects untold,
    ToLongFunction<IpAddress> asns,
    Predicate<String> closed) {

  /** Takes secrets from the platform, has nothing to publish, and knows of no closed swarm. */
  public SwarmServices(
      EventSink events,
      Consumer<Set<Leniency>> leniencies,
      ObjIntConsumer<Withheld> withheld,
      LongSupplier seeds) {
    this(
        events,
        leniencies,
        withheld,
        seeds,
        new SecureRandom(),
        new UntoldConnects(),
        ip -> 0,
        swarm -> false);
  }

  /** Returns these with another way to know the autonomous system of an address. */
  public SwarmServices locating(ToLongFunction<IpAddress> systems) {
    return new SwarmServices(events, leniencies, withheld, seeds, secrets, untold, systems, closed);
  }

  /** Returns these with another way to know whether a swarm is closed. */
  public SwarmServices closing(Predicate<String> swarms) {
    return new SwarmServices(events, leniencies, withheld, seeds, secrets, untold, asns, swarms);
  }
}
