package io.ppstp.tracker.domain;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Registrations in the order in which they were last heard of, so that those whose timer runs out
 * stand at the front. Confined to its shard; each operation is O(1), but for one that puts a
 * registration behind those that were heard of later.
 */
final class TimerQueue {
  private @Nullable Registration first;
  private @Nullable Registration last;

  @Nullable Registration first() {
    return first;
  }

  void forEach(Consumer<Registration> visitor) {
    for (Registration next = first; next != null; next = next.later) {
      visitor.accept(next);
    }
  }

  /** Puts a registration where its last request belongs: behind all older ones. */
  void insert(Registration registration) {
    Registration before = last;
    while (before != null && before.lastSeenMs > registration.lastSeenMs) {
      before = before.earlier;
    }
    putBehind(before, registration);
  }

  private void putBehind(@Nullable Registration before, Registration registration) {
    Registration after = before == null ? first : before.later;
    registration.earlier = before;
    registration.later = after;
    if (before == null) {
      first = registration;
    } else {
      before.later = registration;
    }
    if (after == null) {
      last = registration;
    } else {
      after.earlier = registration;
    }
  }

  void remove(Registration registration) {
    Registration before = registration.earlier;
    Registration after = registration.later;
    if (before == null) {
      first = after;
    } else {
      before.later = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.earlier = before;
    }
    registration.earlier = null;
    registration.later = null;
  }
}
