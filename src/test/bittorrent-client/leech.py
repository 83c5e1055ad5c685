"""Fetches what a torrent describes from the peers that its HTTP tracker names, and from nobody else.

Usage: leech.py TORRENT FOLDER PORT
"""

import sys
import time

import libtorrent

PATIENCE_SECONDS = 60

torrent, folder, port = sys.argv[1:]
session = libtorrent.session(
    {
        "listen_interfaces": "127.0.0.1:" + port,
        "enable_dht": False,
        "enable_lsd": False,
        "enable_upnp": False,
        "enable_natpmp": False,
        "alert_mask": libtorrent.alert.category_t.tracker_notification
        | libtorrent.alert.category_t.error_notification,
        "allow_multiple_connections_per_ip": True,
    }
)
handle = session.add_torrent({"ti": libtorrent.torrent_info(torrent), "save_path": folder})
deadline = time.monotonic() + PATIENCE_SECONDS
while not handle.status().is_seeding:
    if time.monotonic() > deadline:
        told = [alert.message() for alert in session.pop_alerts()]
        sys.exit("not whole: %s" % "\n".join(told))
    time.sleep(0.05)
print("libtorrent %s: whole" % libtorrent.__version__)
