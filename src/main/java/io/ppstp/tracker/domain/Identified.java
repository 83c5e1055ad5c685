package io.ppstp.tracker.domain;

/** Something that an {@link IndexedSet} finds by its peer ID, which never changes. */
interface Identified {
  String id();
}
