/**
 * The room of BitTorrent clients: they announce themselves over HTTP to ingress, and find each
 * other across all nodes. What it decides is plain Java over the store's port; the verticle is a
 * thin shell around it.
 */
@NullMarked
package io.ppstp.tracker.bittorrent;

import org.jspecify.annotations.NullMarked;
