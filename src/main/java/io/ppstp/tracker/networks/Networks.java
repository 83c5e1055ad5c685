package io.ppstp.tracker.networks;

import io.ppstp.tracker.domain.address.PathCosts;
import io.ppstp.tracker.domain.address.Place;
import io.ppstp.tracker.protocol.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * Knows in which network an address is. Thread-safe; no method blocks, and each takes a microsecond
 * or so.
 */
public interface Networks {
  /** Peers are not told apart by where they are. */
  Networks OFF =
      new Networks() {
        @Override
        public long asnOf(IpAddress ip) {
          return 0;
        }

        @Override
        public int networkOf(@Nullable IpAddress ip) {
          return Place.NOWHERE;
        }

        @Override
        public PathCosts costsFrom(@Nullable IpAddress ip) {
          return PathCosts.NONE;
        }

        @Override
        public boolean haveTables() {
          return false;
        }
      };

  /** Returns the number of the autonomous system that announces {@code ip}, 0 if none is known. */
  long asnOf(IpAddress ip);

  /**
   * Returns the network of {@code ip}: its PID, or else its autonomous system, its country or its
   * prefix; {@link Place#NOWHERE} if peers are not told apart.
   */
  int networkOf(@Nullable IpAddress ip);

  /** Returns what it costs to reach networks from {@code ip}, as far as an ALTO server tells. */
  PathCosts costsFrom(@Nullable IpAddress ip);

  /** Returns whether tables tell of autonomous systems, so that what peers say is not needed. */
  boolean haveTables();
}
