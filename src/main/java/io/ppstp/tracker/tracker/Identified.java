package io.ppstp.tracker.tracker;

/** Something that a {@link Roster} finds by its peer ID, which never changes. */
interface Identified {
  String id();
}
