/** Tests of the built product from outside, over its sockets and its command line. */
@NullMarked
package io.ppstp.tracker.it;

import org.jspecify.annotations.NullMarked;
