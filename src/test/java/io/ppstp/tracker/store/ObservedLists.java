package io.ppstp.tracker.store;

import io.ppstp.tracker.domain.swarm.Member;
import io.ppstp.tracker.domain.swarm.SwarmObserver;
import io.ppstp.tracker.protocol.Request.StreamStats;
import io.ppstp.tracker.protocol.SwarmAction.PeerMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an observer was told of the lists of one store. Thread-safe. */
final class ObservedLists implements SwarmObserver {
  private final Map<String, Long> uploaded = new TreeMap<>();
  private final List<String> gone = new ArrayList<>();
  private final List<String> late = new ArrayList<>();
  private int leeches;
  private int seeders;

  @Override
  public synchronized void grown(String swarmId, int nowLeeches, int nowSeeders) {
    leeches = Math.max(leeches, nowLeeches);
    seeders = Math.max(seeders, nowSeeders);
  }

  @Override
  public synchronized void reported(
      PeerMode mode, String peerId, @Nullable StreamStats before, StreamStats stats) {
    long grown = stats.uploadedBytes() - (before == null ? 0 : before.uploadedBytes());
    uploaded.merge(mode + " " + peerId, grown, Long::sum);
  }

  @Override
  public synchronized void gone(String swarmId, Member member, @Nullable StreamStats last) {
    String uploadedLast = last == null ? "-" : Long.toString(last.uploadedBytes());
    gone.add(member.mode() + " " + member.id() + " " + uploadedLast);
  }

  @Override
  public synchronized boolean reportedLate(String peerId, StreamStats stats) {
    late.add(peerId + " " + stats.uploadedBytes());
    return true;
  }

  /** Returns the largest numbers of LEECHes and of SEEDERs. */
  synchronized String largest() {
    return leeches + " " + seeders;
  }

  /** Returns the bytes that each has sent, added up. */
  synchronized Map<String, Long> uploaded() {
    return new TreeMap<>(uploaded);
  }

  /** Returns who is gone, and the bytes that each has sent. */
  synchronized List<String> gone() {
    return gone.stream().sorted().toList();
  }

  /** Returns what was reported by whom no list knows. */
  synchronized List<String> late() {
    return List.copyOf(late);
  }
}
