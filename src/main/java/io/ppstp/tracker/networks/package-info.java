/**
 * Tables of the networks of the Internet: in which autonomous system an address is. Plain Java
 * behind {@link io.ppstp.tracker.networks.Networks}; no table is asked of a server while a request
 * waits.
 */
@NullMarked
package io.ppstp.tracker.networks;

import org.jspecify.annotations.NullMarked;
