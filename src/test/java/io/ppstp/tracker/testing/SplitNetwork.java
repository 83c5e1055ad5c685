package io.ppstp.tracker.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Hosts on a network of their own, of which each can be cut off: network namespaces, and one more
 * with the bridge between them. From a further one, for clients, links of their own lead to each
 * host, which are never cut. The machine's own network is not touched. Thread-safe.
 *
 * <p>The namespaces go with {@link #close} and, whatever happens, with this JVM: a guard outside of
 * it waits for the end of a pipe that only this JVM holds open.
 */
public final class SplitNetwork implements AutoCloseable {
  private static final int SUBNETS = 250;
  private static final int PATIENCE_SECONDS = 20;
  private static final AtomicInteger MADE = new AtomicInteger();

  private final String name;
  private final int subnet;
  private final @Nullable Process guard;

  private SplitNetwork(String name, int subnet) {
    this.name = name;
    this.subnet = subnet;
    this.guard = null;
  }

  private SplitNetwork(int hosts) throws IOException {
    long pid = ProcessHandle.current().pid();
    int number = MADE.incrementAndGet();
    this.name = "ppstp-" + pid + "-" + number;
    this.subnet = (int) ((pid + number) % SUBNETS);
    this.guard = guard(hosts);
  }

  private Process guard(int hosts) throws IOException {
    StringBuilder script = new StringBuilder("trap '' HUP INT TERM; cat > /dev/null; ");
    for (int host = 0; host <= hosts; host++) {
      script.append("ip netns del ").append(namespace(host)).append(" 2> /dev/null; ");
    }
    script.append("ip netns del ").append(clients()).append(" 2> /dev/null; ");
    return new ProcessBuilder("sh", "-c", script.toString())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Returns why there can be no such network on this machine; nothing if there can. */
  public static Optional<String> obstacle() throws InterruptedException {
    if (!Commands.has("ip") || !Commands.has("curl")) {
      return Optional.of("iproute2 and curl are needed");
    }
    try (SplitNetwork attempt = of(1)) {
      String told = Commands.run(attempt.inside(1, "echo", "inside").toArray(String[]::new));
      return told.strip().equals("inside") ? Optional.empty() : Optional.of(told.strip());
    } catch (IOException e) {
      return Optional.of("network namespaces cannot be made: " + e.getMessage());
    }
  }

  /**
   * Makes a network of hosts that are numbered from 1 on and reach each other.
   *
   * @throws IOException if this machine or user cannot
   */
  public static SplitNetwork of(int hosts) throws IOException, InterruptedException {
    SplitNetwork network = new SplitNetwork(hosts);
    boolean made = false;
    try {
      network.make(hosts);
      made = true;
    } finally {
      if (!made) {
        network.close();
      }
    }
    return network;
  }

  /** Returns the network that another JVM has made and keeps, by its {@link #handle}. */
  public static SplitNetwork ofHandle(String handle) {
    String[] parts = handle.split("/", 2);
    return new SplitNetwork(parts[0], Integer.parseInt(parts[1]));
  }

  /** Returns what {@link #ofHandle} takes. */
  public String handle() {
    return name + "/" + subnet;
  }

  private void make(int hosts) throws IOException, InterruptedException {
    String middle = namespace(0);
    ip("netns", "add", middle);
    ip("-n", middle, "link", "add", "bridge", "type", "bridge");
    ip("-n", middle, "link", "set", "bridge", "up");
    for (int host = 1; host <= hosts; host++) {
      String there = namespace(host);
      String port = port(host);
      ip("netns", "add", there);
      ip("-n", middle, "link", "add", port, "type", "veth", "peer", "name", "net", "netns", there);
      ip("-n", middle, "link", "set", port, "master", "bridge", "up");
      ip("-n", there, "addr", "add", address(host) + "/24", "dev", "net");
      ip("-n", there, "link", "set", "net", "up");
      ip("-n", there, "link", "set", "lo", "up");
    }
    makeClients(hosts);
  }

  private void makeClients(int hosts) throws IOException, InterruptedException {
    ip("netns", "add", clients());
    ip("-n", clients(), "link", "set", "lo", "up");
    for (int host = 1; host <= hosts; host++) {
      String there = namespace(host);
      String link = port(host);
      ip(
          "-n", clients(), "link", "add", link, "type", "veth", "peer", "name", "clients", "netns",
          there);
      ip("-n", clients(), "addr", "add", clientAddress(host, 1) + "/30", "dev", link);
      ip("-n", clients(), "link", "set", link, "up");
      ip("-n", there, "addr", "add", clientAddress(host, 2) + "/30", "dev", "clients");
      ip("-n", there, "link", "set", "clients", "up");
    }
  }

  private static void ip(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    String told = Commands.run(command.toArray(String[]::new));
    if (!told.isBlank()) {
      throw new IOException(String.join(" ", command) + ": " + told.strip());
    }
  }

  private String namespace(int host) {
    return name + "-" + host;
  }

  private String clients() {
    return name + "-clients";
  }

  private static String port(int host) {
    return "port" + host;
  }

  /** Returns the address of a host. */
  public String address(int host) {
    return "10.231." + subnet + "." + host;
  }

  /** Returns the address that clients know a host by. */
  public String clientAddress(int host) {
    return clientAddress(host, 2);
  }

  private String clientAddress(int host, int end) {
    return "10.232." + subnet + "." + (4 * host + end);
  }

  /** Returns a command as it runs on a host. */
  public List<String> inside(int host, String... command) {
    return insideOf(namespace(host), command);
  }

  /** Returns a command as it runs where clients are. */
  public List<String> insideClients(String... command) {
    return insideOf(clients(), command);
  }

  private static List<String> insideOf(String namespace, String... command) {
    List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    whole.addAll(List.of(command));
    return whole;
  }

  /** Cuts a host off from all others, but not from clients. */
  public void cut(int host) throws IOException, InterruptedException {
    ip("-n", namespace(0), "link", "set", port(host), "down");
  }

  /** Connects a host again. */
  public void heal(int host) throws IOException, InterruptedException {
    ip("-n", namespace(0), "link", "set", port(host), "up");
  }

  /** Ends the network, unless another JVM keeps it. Programs on its hosts are not ended. */
  @Override
  public void close() {
    Process own = guard;
    if (own == null) {
      return;
    }
    try {
      own.getOutputStream().close();
      if (!own.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("network namespaces are left: " + name);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
