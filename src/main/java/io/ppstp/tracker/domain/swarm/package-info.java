/**
 * Swarms: their members as lists that follow the registrations, and the draw of peer lists (RFC
 * 7846, Sections 3.2.2 and 4.1.2).
 */
@NullMarked
package io.ppstp.tracker.domain.swarm;

import org.jspecify.annotations.NullMarked;
