package io.ppstp.tracker.accounting;

import io.ppstp.tracker.bus.EventSink;
import io.ppstp.tracker.bus.Requester;
import io.ppstp.tracker.bus.TrackerEvent;
import io.ppstp.tracker.domain.Departure.Ended;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a record of each peer in each swarm at intervals, of what it did there since the record
 * before, and a last one when it goes. Thread-safe.
 *
 * <p>It knows what comes to this node: a peer that uses several nodes has records of each. Memory
 * is bounded: of more peers than fit, the one whose record is nearest gets it now and is forgotten
 * until it is heard of again.
 */
public final class UsageAccounts {
  private static final long MOST_BYTES = 32L << 20;
  private static final int SHARE_OF_THE_HEAP = 32;

  /** What an account and its place take, besides the characters of the IDs. */
  private static final int ACCOUNT_BYTES = 480;

  private static final int BYTES_PER_CHARACTER = 2;

  /** Records of one tick: the rest waits for the next. */
  private static final int MOST_AT_ONCE = 5000;

  private final long intervalMs;
  private final long silenceMs;
  private final long mostBytes;

  /** The one whose record is due first comes first. */
  private final Map<AccountKey, UsageAccount> accounts = new LinkedHashMap<>();

  private long bytes;

  private record AccountKey(String peerId, String swarmId) {
    int weight() {
      return ACCOUNT_BYTES + BYTES_PER_CHARACTER * (peerId.length() + swarmId.length());
    }
  }

  /** A record that is to be told, and who sent the last request before it. */
  private record DueRecord(TrackerEvent.Accounted event, @Nullable Requester sender) {
    void tell(EventSink next) {
      if (sender == null) {
        next.publish(event);
      } else {
        next.publish(event, sender);
      }
    }
  }

  /**
   * Begins without accounts.
   *
   * @param interval between two records
   * @param silence after which this node does not know whether a peer is there still
   * @param heapBytes of which a part may be used
   */
  public UsageAccounts(Duration interval, Duration silence, long heapBytes) {
    this.intervalMs = interval.toMillis();
    this.silenceMs = silence.toMillis();
    this.mostBytes = Math.min(MOST_BYTES, heapBytes / SHARE_OF_THE_HEAP);
  }

  /** Returns a sink that accounts for each event and hands it on to {@code next}. */
  public EventSink before(EventSink next) {
    return new EventSink() {
      @Override
      public void publish(TrackerEvent event) {
        next.publish(event);
        account(event, null).forEach(record -> record.tell(next));
      }

      @Override
      public void publish(TrackerEvent event, Requester sender) {
        next.publish(event, sender);
        account(event, sender).forEach(record -> record.tell(next));
      }

      @Override
      public void heard(String peerId, String swarmId, Requester sender, long nowMs) {
        next.heard(peerId, swarmId, sender, nowMs);
        List<DueRecord> due = new ArrayList<>(0);
        hear(new AccountKey(peerId, swarmId), nowMs, sender, due, false);
        due.forEach(record -> record.tell(next));
      }
    };
  }

  private List<DueRecord> account(TrackerEvent event, @Nullable Requester sender) {
    List<DueRecord> due = new ArrayList<>(0);
    String peerId = event.peerId();
    if (event instanceof TrackerEvent.Joined it) {
      begin(new AccountKey(peerId, it.swarmId()), it.atMs(), sender, due);
    } else if (event instanceof TrackerEvent.Reported it) {
      UsageAccount account =
          hear(new AccountKey(peerId, it.stats().swarmId()), it.atMs(), sender, due, false);
      synchronized (this) {
        account.reported(it.stats());
      }
    } else if (event instanceof TrackerEvent.Left it) {
      AccountKey key = new AccountKey(peerId, it.swarmId());
      switch (it.reason()) {
        case NEW_MODE -> changeMode(key);
        case LEFT -> end(key, it.atMs(), sender, due);
        case REFUSED, KICKED -> end(key, it.atMs(), null, due);
        case REPLACED, MERGED -> endInSilence(key, it.watchedMs(), due);
      }
    } else if (event instanceof TrackerEvent.Switched it) {
      end(new AccountKey(peerId, it.fromSwarmId()), it.atMs(), sender, due);
      begin(new AccountKey(peerId, it.swarmId()), it.atMs(), sender, due);
    } else if (event instanceof TrackerEvent.Expired it) {
      for (Ended one : it.ended()) {
        endInSilence(new AccountKey(peerId, one.swarm().swarmId()), one.watchedMs(), due);
      }
    }
    return due;
  }

  private synchronized void begin(
      AccountKey key, long nowMs, @Nullable Requester sender, List<DueRecord> due) {
    UsageAccount present = accounts.get(key);
    if (present != null && !present.takeChangeOfMode()) {
      // It has gone at another node.
      forget(key, present, due);
    }
    hear(key, nowMs, sender, due, true);
  }

  private synchronized UsageAccount hear(
      AccountKey key, long nowMs, @Nullable Requester sender, List<DueRecord> due, boolean begins) {
    UsageAccount account = accounts.get(key);
    if (account == null) {
      account = new UsageAccount(nowMs, begins);
      accounts.put(key, account);
      bytes += key.weight();
      while (bytes > mostBytes && accounts.size() > 1) {
        Map.Entry<AccountKey, UsageAccount> eldest = accounts.entrySet().iterator().next();
        forget(eldest.getKey(), eldest.getValue(), due);
      }
    }
    account.heard(nowMs, sender);
    return account;
  }

  private synchronized void changeMode(AccountKey key) {
    UsageAccount account = accounts.get(key);
    if (account != null) {
      account.changesMode();
    }
  }

  private synchronized void end(
      AccountKey key, long nowMs, @Nullable Requester sender, List<DueRecord> due) {
    UsageAccount account = remove(key);
    if (account != null) {
      if (sender != null) {
        account.heard(nowMs, sender);
      }
      due.add(last(key, account, nowMs));
    }
  }

  /** A peer was heard of last at the end of its membership, perhaps of something else. */
  private synchronized void endInSilence(AccountKey key, long watchedMs, List<DueRecord> due) {
    UsageAccount account = remove(key);
    if (account != null) {
      due.add(last(key, account, account.silentSinceMs(watchedMs)));
    }
  }

  private static DueRecord last(AccountKey key, UsageAccount account, long untilMs) {
    TrackerEvent.Accounted last = account.record(key.peerId(), key.swarmId(), untilMs, true);
    return new DueRecord(last, account.sender());
  }

  private @Nullable UsageAccount remove(AccountKey key) {
    UsageAccount account = accounts.remove(key);
    bytes -= account == null ? 0 : key.weight();
    return account;
  }

  private void forget(AccountKey key, UsageAccount account, List<DueRecord> due) {
    remove(key);
    recordNews(key, account, due);
  }

  private static void recordNews(AccountKey key, UsageAccount account, List<DueRecord> due) {
    if (account.hasNews()) {
      due.add(
          new DueRecord(
              account.record(key.peerId(), key.swarmId(), account.heardMs(), false),
              account.sender()));
    }
  }

  /** Tells {@code next} the records that are due; to be called every second. */
  public void tick(long nowMs, EventSink next) {
    due(nowMs).forEach(record -> record.tell(next));
  }

  private synchronized List<DueRecord> due(long nowMs) {
    List<DueRecord> due = new ArrayList<>(0);
    Map<AccountKey, UsageAccount> again = new LinkedHashMap<>(0);
    Iterator<Map.Entry<AccountKey, UsageAccount>> all = accounts.entrySet().iterator();
    for (int i = 0; i < MOST_AT_ONCE && all.hasNext(); i++) {
      Map.Entry<AccountKey, UsageAccount> one = all.next();
      UsageAccount account = one.getValue();
      if (nowMs - account.visitedMs() < intervalMs) {
        break;
      }
      all.remove();
      recordNews(one.getKey(), account, due);
      if (nowMs - account.heardMs() > silenceMs) {
        bytes -= one.getKey().weight();
      } else {
        account.visited(nowMs);
        again.put(one.getKey(), account);
      }
    }
    accounts.putAll(again);
    return due;
  }
}
