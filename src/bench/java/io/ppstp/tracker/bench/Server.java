package io.ppstp.tracker.bench;

import java.util.List;

/**
 * A server that is measured, of one process or of several.
 *
 * @param name what it is called in the results
 * @param targets where it is asked
 * @param pids of the processes whose processor time counts
 */
record Server(String name, List<Target> targets, List<Long> pids) {}
