package io.ppstp.tracker.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ppstp.tracker.testing.TrackerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * Records where a tracker spends its time under load, with the JDK's flight recorder. Confined to
 * one thread.
 */
final class Profile {
  private static final int SHOWN = 45;
  private static final long RECORDED_MS = 20_000;

  private Profile() {}

  /**
   * Records a tracker of {@code nodes} nodes, 0 for one that is no cluster, and tells its hot places.
   *
   * @param mix whether the live mix is asked for, FIND otherwise
   * @param read whether somebody reads all events
   */
  static void run(int nodes, boolean mix, boolean read, Path folder) throws Exception {
    Audience audience = new Audience(64, 100, 100);
    try (Servers servers = new Servers("2g");
        LoadGenerator generator = new LoadGenerator()) {
      List<TrackerProcess> trackers =
          nodes == 0
              ? List.of(servers.start(servers.tracker()))
              : servers.cluster(nodes, "bench-profile");
      List<Target> targets = new ArrayList<>();
      List<Long> pids = new ArrayList<>();
      for (TrackerProcess tracker : trackers) {
        targets.add(Target.plain(tracker.http().getPort()));
        pids.add(tracker.pid());
      }
      try (Session arrival = generator.session(targets, audience.arrival())) {
        arrival.runOut();
      }
      if (read) {
        EventReaderTrial.reader(trackers.get(0), "");
      }
      Plan plan = mix ? audience.mix(Mix.LIVE) : audience.finds();
      try (Contest contest =
          new Contest("profile", new Server("profile", targets, pids), generator, plan)) {
        record(contest, pids.get(0), folder);
      }
    }
  }

  /** Warms a server up, records one of its processes under load, and tells its hot places. */
  static void record(Contest contest, long pid, Path folder) throws Exception {
    contest.warmUp(Scale.FULL.warmUp());
    jcmd(pid, "JFR.start", "name=bench", "settings=profile");
    contest.round(RECORDED_MS);
    Path file = folder.toAbsolutePath().resolve("profile.jfr");
    Files.deleteIfExists(file);
    jcmd(pid, "JFR.dump", "name=bench", "filename=" + file);
    Bench.tell(
        String.format(
            Locale.ROOT,
            "%.1f CPU us/request, %.0f requests/s while recording",
            contest.cpuMicros(),
            contest.perSecond()));
    tell(file);
  }

  private static void jcmd(long pid, String... words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    command.add(Long.toString(pid));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String told = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (told.contains("Exception") || told.contains("failed")) {
      throw new IOException(told);
    }
  }

  private static void tell(Path file) throws IOException {
    Map<String, Integer> self = new HashMap<>();
    Map<String, Integer> under = new HashMap<>();
    Map<String, Integer> threads = new HashMap<>();
    int samples = 0;
    try (RecordingFile recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        RecordedEvent event = recording.readEvent();
        String type = event.getEventType().getName();
        boolean sample =
            type.equals("jdk.ExecutionSample") || type.equals("jdk.NativeMethodSample");
        if (!sample || event.getStackTrace() == null) {
          continue;
        }
        List<RecordedFrame> frames = event.getStackTrace().getFrames();
        if (frames.isEmpty() || isWaiting(frames)) {
          continue;
        }
        samples++;
        self.merge(name(frames.get(0)), 1, Integer::sum);
        frames.stream().map(Profile::name).distinct().forEach(n -> under.merge(n, 1, Integer::sum));
        if (event.hasField("sampledThread") && event.getThread("sampledThread") != null) {
          threads.merge(
              String.valueOf(event.getThread("sampledThread").getJavaName()), 1, Integer::sum);
        }
      }
    }
    tell("by thread", threads, samples);
    tell("in the method itself", self, samples);
    tell("in the method and what it calls", under, samples);
  }

  private static boolean isWaiting(List<RecordedFrame> frames) {
    return frames.stream()
        .limit(3)
        .map(Profile::name)
        .anyMatch(name -> name.contains("epollWait") || name.contains("EPoll.wait"));
  }

  private static String name(RecordedFrame frame) {
    String type = frame.getMethod().getType().getName();
    return type.replaceAll("\\b([a-z])[a-z0-9]*\\.", "$1.") + "." + frame.getMethod().getName();
  }

  private static void tell(String title, Map<String, Integer> counts, int samples) {
    Bench.tell("\n" + title + ", of " + samples + " samples:");
    counts.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
        .limit(SHOWN)
        .forEach(
            count ->
                Bench.tell(
                    String.format(
                        Locale.ROOT,
                        "%5.1f %%  %s",
                        100.0 * count.getValue() / samples,
                        count.getKey())));
  }
}
