package io.ppstp.tracker.management;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What the management room is told about the node that it is on; immutable.
 *
 * @param version of the product
 * @param node what this process is called in events
 * @param live whether the process can still do anything, else it had better be restarted
 * @param ready whether the node may take traffic just now
 * @param cluster what a status report says of the node's cluster, a record that Jackson can write
 * @param webtorrent likewise of the browsers that it serves
 * @param bittorrent likewise of the BitTorrent clients that it serves
 */
public record NodeHealth(
    String version,
    String node,
    BooleanSupplier live,
    BooleanSupplier ready,
    Supplier<? extends Optional<?>> cluster,
    Supplier<? extends Optional<?>> webtorrent,
    Supplier<? extends Optional<?>> bittorrent) {}
