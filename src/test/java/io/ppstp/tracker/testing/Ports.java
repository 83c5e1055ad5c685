package io.ppstp.tracker.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for those who have to know theirs before they listen. They are below the ports that the
 * system hands out, so that until then only other tests could take them; and where tests run in
 * several JVMs at once, which {@code ppstp.fork} numbers from 1 on, each has ports of its own.
 * Stateless.
 */
public final class Ports {
  private static final int FORKS = 4;
  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 30_000;
  private static final int OF_EACH = (HIGHEST - LOWEST) / FORKS;
  private static final int FIRST = LOWEST + Integer.getInteger("ppstp.fork", 1) % FORKS * OF_EACH;

  private Ports() {}

  /** Returns a port that nobody listens on. */
  public static int free() {
    return free(1);
  }

  /** Returns the first of so many ports in a row that nobody listens on. */
  public static int free(int count) {
    while (true) {
      int first = ThreadLocalRandom.current().nextInt(FIRST, FIRST + OF_EACH - count);
      if (areFree(first, count)) {
        return first;
      }
    }
  }

  private static boolean areFree(int first, int count) {
    for (int port = first; port < first + count; port++) {
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        socket.setReuseAddress(true);
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }
}
