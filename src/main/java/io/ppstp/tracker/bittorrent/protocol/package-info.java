/**
 * What BitTorrent clients ask a tracker over HTTP and what they are answered: the query of an
 * announce (BEP 3) and of a scrape (BEP 48), and bencoding. Plain Java that knows no other package.
 */
@NullMarked
package io.ppstp.tracker.bittorrent.protocol;

import org.jspecify.annotations.NullMarked;
