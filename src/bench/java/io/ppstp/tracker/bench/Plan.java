package io.ppstp.tracker.bench;

import java.util.List;

/**
 * A load: one script per connection.
 *
 * @param kinds names of the kinds of requests, by the numbers that scripts give
 * @param leastBodies bytes that a whole answer to each kind has at least
 */
record Plan(List<String> kinds, List<Integer> leastBodies, List<Script> scripts) {}
