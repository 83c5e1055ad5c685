/**
 * The WebTorrent tracker protocol as browsers speak it over WebSocket: one JSON object in each
 * message. Plain Java; depends on Jackson's streaming parser only.
 */
@NullMarked
package io.ppstp.tracker.webtorrent.protocol;

import org.jspecify.annotations.NullMarked;
