/**
 * Who may use the management port, and the forms of its answers: JSON, and problem details of RFC
 * 9457.
 */
@NullMarked
package io.ppstp.tracker.management.access;

import org.jspecify.annotations.NullMarked;
