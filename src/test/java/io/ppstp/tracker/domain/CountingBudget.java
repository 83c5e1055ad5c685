package io.ppstp.tracker.domain;

import io.ppstp.tracker.domain.PeerCommand.PeerBudget;

/** Counts against limits, which are out of reach unless a test lowers them. */
final class CountingBudget implements PeerBudget {
  int limit = Integer.MAX_VALUE;
  int reserved;
  int mostMemberships = Integer.MAX_VALUE;
  int memberships;

  @Override
  public boolean tryReserve(int peers, int moreMemberships) {
    if (reserved + peers > limit || memberships + moreMemberships > mostMemberships) {
      return false;
    }
    reserved += peers;
    memberships += moreMemberships;
    return true;
  }

  @Override
  public void release(int peers, int fewerMemberships) {
    reserved -= peers;
    memberships -= fewerMemberships;
  }
}
