package io.ppstp.tracker.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import io.ppstp.tracker.cluster.HazelcastConfigs.ClusterConfigException;
import io.ppstp.tracker.store.hazelcast.StoreConfig;
import java.util.Collection;

/**
 * Keeps a node out of a cluster whose nodes write their state in another format, before it has
 * served anybody. Each node says its format as an attribute of its member; what is nobody's node,
 * such as a listener, says none. Stateless.
 */
final class FormatCheck {
  private static final String ATTRIBUTE = "ppstp.format";

  /** Of nodes that do not say, for there was no other before they began to. */
  private static final int FIRST = 3;

  private FormatCheck() {}

  /** Lets the member of {@code config} say the format that this release writes. */
  static void declare(Config config) {
    config.getMemberAttributeConfig().setAttribute(ATTRIBUTE, Integer.toString(StoreConfig.FORMAT));
  }

  /**
   * Looks at the members of a cluster, of which this node is one already.
   *
   * @throws ClusterConfigException if one of them writes another format, in words for the operator
   */
  static void check(Collection<Member> members) throws ClusterConfigException {
    for (Member member : members) {
      String told = member.getAttribute(ATTRIBUTE);
      String format = told == null ? Integer.toString(FIRST) : told;
      if (!member.isLiteMember() && !format.equals(Integer.toString(StoreConfig.FORMAT))) {
        throw new ClusterConfigException(
            "the node "
                + member.getAddress()
                + " writes its state in format "
                + format
                + " and this release in "
                + StoreConfig.FORMAT
                + ", so they cannot be of one cluster; run the same release, or begin a cluster of"
                + " this one under another cluster.name (src/docs/operate.md, Upgrade)");
      }
    }
  }
}
