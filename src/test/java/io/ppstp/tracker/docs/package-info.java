/**
 * The documents as tests: what they say to type is typed, what they say is printed has to be, and
 * what they point to has to be there.
 */
@NullMarked
package io.ppstp.tracker.docs;

import org.jspecify.annotations.NullMarked;
