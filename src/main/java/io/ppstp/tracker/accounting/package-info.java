/**
 * Accounts of who used which swarm, and how much: interval records for whoever bills or plans (RFC
 * 7846, Section 5.2.5, and RFC 2975), made of the events that a node publishes.
 */
@NullMarked
package io.ppstp.tracker.accounting;

import org.jspecify.annotations.NullMarked;
