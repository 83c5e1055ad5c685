/** What tests of several packages share. */
@NullMarked
package io.ppstp.tracker.testing;

import org.jspecify.annotations.NullMarked;
