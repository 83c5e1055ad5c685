package io.ppstp.tracker.domain.swarm;

/** Members of a swarm that were chosen for one requester, which is not among them. */
interface Sample {
  /** Returns them, each once, at most as many as were asked for. Nobody else has the array. */
  Member[] members();

  /** Returns the addresses of members that had to be left out. */
  int withheld();
}
