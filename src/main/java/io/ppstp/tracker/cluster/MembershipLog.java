package io.ppstp.tracker.cluster;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the operator of nodes that come and go, a line each, and this node that they do. */
final class MembershipLog implements MembershipListener {
  private static final Logger LOG = LoggerFactory.getLogger(MembershipLog.class);

  private final Runnable onChange;

  MembershipLog(Runnable onChange) {
    this.onChange = onChange;
  }

  @Override
  public void memberAdded(MembershipEvent event) {
    onChange.run();
    LOG.info("node {} joined, {} now", event.getMember().getAddress(), event.getMembers().size());
  }

  @Override
  public void memberRemoved(MembershipEvent event) {
    onChange.run();
    LOG.warn("node {} is gone, {} left", event.getMember().getAddress(), event.getMembers().size());
  }
}
