/**
 * What operators forbid while the tracker runs, at all nodes at once: closed swarms and refused
 * networks. The rooms ask the {@link io.ppstp.tracker.rules.RuleSet} in force. Depends on Vert.x
 * Core, which keeps the rules in a map that the nodes share.
 */
@NullMarked
package io.ppstp.tracker.rules;

import org.jspecify.annotations.NullMarked;
