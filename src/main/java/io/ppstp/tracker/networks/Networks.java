package io.ppstp.tracker.networks;

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
        public boolean haveTables() {
          return false;
        }
      };

  /** Returns the number of the autonomous system that announces {@code ip}, 0 if none is known. */
  long asnOf(IpAddress ip);

  /**
   * Returns the network of {@code ip}: its autonomous system or else its prefix; {@link
   * Place#NOWHERE} if peers are not told apart.
   */
  int networkOf(@Nullable IpAddress ip);

  /** Returns whether there are tables, so that what peers say of their networks is not needed. */
  boolean haveTables();
}
