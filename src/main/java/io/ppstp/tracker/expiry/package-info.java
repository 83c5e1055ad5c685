/** The room of timer expiry: ends the registrations whose track timer ran out. */
@NullMarked
package io.ppstp.tracker.expiry;

import org.jspecify.annotations.NullMarked;
