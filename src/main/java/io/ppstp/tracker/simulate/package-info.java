/**
 * An audience that does not exist: virtual peers that load a tracker the way real ones would, to
 * learn what it bears. Knows the protocol from the outside only, as a peer does; nothing but the
 * command line may depend on it.
 */
@NullMarked
package io.ppstp.tracker.simulate;

import org.jspecify.annotations.NullMarked;
