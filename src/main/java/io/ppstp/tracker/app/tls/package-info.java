/** Certificates, keys and lists of revoked ones: read from files, tried, or made for a trial. */
@NullMarked
package io.ppstp.tracker.app.tls;

import org.jspecify.annotations.NullMarked;
