/**
 * The messages of RFC 7846 as immutable records, the reader that turns hostile bytes into them and
 * the writer that turns answers into bytes.
 *
 * <p>Depends on the JDK and on Jackson's streaming parser only. Whoever knows what a message
 * <em>means</em> lives above, in {@code tracker}.
 */
@NullMarked
package io.ppstp.tracker.protocol;

import org.jspecify.annotations.NullMarked;
