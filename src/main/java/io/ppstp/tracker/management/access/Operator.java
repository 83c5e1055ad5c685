package io.ppstp.tracker.management.access;

/**
 * Who asks at the management port; immutable.
 *
 * @param name for the audit log and for what the operator leaves behind
 */
public record Operator(String name, Role role) {

  /** What somebody may do; each includes those before it. */
  public enum Role {
    READ,
    WRITE
  }

  /** Whoever uses this machine, where nobody has to show who they are. */
  static final Operator LOCAL = new Operator("local", Role.WRITE);

  /** Returns whether this operator may do what needs {@code role}. */
  public boolean may(Role needed) {
    return role.compareTo(needed) >= 0;
  }
}
