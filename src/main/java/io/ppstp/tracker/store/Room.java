package io.ppstp.tracker.store;

import io.ppstp.tracker.domain.SwarmKey;
import java.util.function.BooleanSupplier;

/**
 * How much one node takes charge of; immutable.
 *
 * @param peers registrations, at least 1
 * @param memberships of all of them, as {@link SwarmKey#weight} counts them
 * @param full asked, by any thread and often, whether nothing more may come for other reasons
 */
public record Room(int peers, long memberships, BooleanSupplier full) {}
