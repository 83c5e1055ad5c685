package io.ppstp.tracker.bus;

/** The addresses on the event bus. */
public final class Addresses {
  /** Where state changes are published for whoever listens, see {@link TrackerEvent}. */
  public static final String EVENTS = "ppstp.events";

  private static final String VALIDATION = "ppstp.validation.";
  private static final String SWARM = "ppstp.swarm.";
  private static final String INGRESS = "ppstp.ingress.";

  private Addresses() {}

  /** Returns where the validation instance of this number takes {@link RawRequest}s. */
  static String validation(int instance) {
    return VALIDATION + instance;
  }

  /** Returns where the swarm instance of this number takes {@link TypedRequest}s. */
  static String swarm(int instance) {
    return SWARM + instance;
  }

  /** Returns where the ingress instance of this number takes {@link Answer}s. */
  static String ingress(int instance) {
    return INGRESS + instance;
  }
}
