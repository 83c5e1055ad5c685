/**
 * Hands the events of a tap to a receiver of syslog messages (RFC 5424), over UDP (RFC 5426) or TLS
 * (RFC 5425). Nothing but the command line may depend on it.
 *
 * <p>Written here, for no library at hand does it: {@code syslog-java-client} frames messages over
 * TLS by line ends only, takes any certificate that is valid for anybody, cuts nothing, and waits
 * on the caller's thread; that of logback and of log4j know no structured data of the caller's.
 */
@NullMarked
package io.ppstp.tracker.tap.syslog;

import org.jspecify.annotations.NullMarked;
