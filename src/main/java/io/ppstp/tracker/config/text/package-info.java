/** How values are spelled: durations, hosts, URLs, ranges of ports. */
@NullMarked
package io.ppstp.tracker.config.text;

import org.jspecify.annotations.NullMarked;
