/**
 * What the rooms of other protocols have in common: their members come to the store, stay and go,
 * each a registration of its own in one swarm, and are told when to announce themselves again.
 * Plain Java over the store's port.
 */
@NullMarked
package io.ppstp.tracker.membership;

import org.jspecify.annotations.NullMarked;
