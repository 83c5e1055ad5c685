/** What HTTP asks of a request before its message is read, and how a request is refused. */
@NullMarked
package io.ppstp.tracker.ingress.http;

import org.jspecify.annotations.NullMarked;
