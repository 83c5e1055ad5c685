/**
 * The room of browsers: viewers that speak the WebTorrent tracker protocol over the WebSockets of
 * ingress find each other across all nodes, and their offers and answers are relayed. What it
 * decides is plain Java over the store's port; the verticle is a thin shell around it.
 */
@NullMarked
package io.ppstp.tracker.webtorrent;

import org.jspecify.annotations.NullMarked;
