package io.ppstp.tracker.app;

import io.ppstp.tracker.app.ConfigSource.Startup;
import io.ppstp.tracker.app.process.FileStamps;
import io.ppstp.tracker.app.process.OutOfMemoryExit;
import io.ppstp.tracker.app.process.SighupHandler;
import io.ppstp.tracker.app.process.StartException;
import io.ppstp.tracker.app.process.Version;
import io.ppstp.tracker.cluster.HazelcastConfigs;
import io.ppstp.tracker.cluster.HazelcastConfigs.ClusterConfigException;
import io.ppstp.tracker.config.ConfigLoader.ConfigException;
import io.ppstp.tracker.config.TelemetryConfig;
import io.ppstp.tracker.config.TelemetryConfig.LogFormat;
import io.ppstp.tracker.config.TrackerConfig;
import io.ppstp.tracker.config.text.Texts;
import io.ppstp.tracker.logging.LogStreams;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The command line. Exit codes: 0 done, 1 a fault of ours, 2 a fault that the operator can mend.
 */
@Command(
    name = "ppstp-tracker",
    description = "A tracker for RFC 7846, the Peer-to-Peer Streaming Tracker Protocol.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "[serve | check-config | account | simulate | tap | warm]",
    subcommands = {
      AccountCommand.class,
      SimulateCommand.class,
      TapCommand.class,
      WarmCommand.class
    },
    footer = {
      "",
      "Without a command it serves. Settings come from the file, then from environment",
      "variables named PPSTP_..., then from --set; later ones win."
    })
final class TrackerCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "the YAML file with the settings; without it, the defaults")
  private @Nullable Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      scope = ScopeType.INHERIT,
      description = "one setting; may be repeated")
  private List<String> assignments = new ArrayList<>();

  @Option(
      names = "--cluster",
      scope = ScopeType.INHERIT,
      description = "be one node of a cluster: --set cluster.enabled=true")
  private boolean cluster;

  /** Serves, which is what the product is for. */
  @Override
  public Integer call() throws InterruptedException {
    return serve();
  }

  @Command(name = "serve", description = "Run the tracker until SIGTERM.")
  int serve() throws InterruptedException {
    OutOfMemoryExit.install();
    Startup startup = new Startup(source(), new FileStamps(), SighupHandler.install());
    try {
      startup.files().note(Optional.ofNullable(file));
      TrackerConfig config = startup.source().load();
      openLog(config.log());
      PortCheck.run(config);
      WarmUp.run(config);
      Tracker tracker =
          Tracker.start(config, startup).toCompletionStage().toCompletableFuture().get();
      Shutdown.install(tracker, config.shutdown().deadline());
    } catch (ConfigException | StartException e) {
      return refuse(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StartException reason) {
        return refuse(reason);
      }
      throw new IllegalStateException("the tracker did not start", e.getCause());
    }
    new CountDownLatch(1).await();
    return ExitCode.OK;
  }

  @Command(name = "check-config", description = "Check the settings and exit: 0 good, 2 not.")
  int checkConfig() {
    try {
      TrackerConfig config = load();
      HazelcastConfigs.check(config);
      Optional<StartException> fault = config.log().audit().flatMap(TrackerCommand::faultOfAudit);
      if (fault.isPresent()) {
        return refuse(fault.get());
      }
    } catch (ConfigException | ClusterConfigException e) {
      return refuse(e);
    }
    out("the configuration is good");
    return ExitCode.OK;
  }

  private static void openLog(TelemetryConfig.Log log) throws StartException {
    boolean json = log.format() == LogFormat.JSON;
    if (json) {
      LogStreams.writeJson();
    }
    if (log.audit().isPresent()) {
      Path audit = log.audit().get();
      Optional<StartException> fault = faultOfAudit(audit);
      if (fault.isPresent()) {
        throw fault.get();
      }
      LogStreams.writeAudit(audit, json);
    }
  }

  private static Optional<StartException> faultOfAudit(Path file) {
    return LogStreams.fault(file)
        .map(
            what -> new StartException("log.audit: " + Texts.quoted(file.toString()) + " " + what));
  }

  private TrackerConfig load() throws ConfigException {
    return source().load();
  }

  private ConfigSource source() {
    List<String> all = new ArrayList<>(assignments);
    if (cluster) {
      all.add("cluster.enabled=true");
    }
    return new ConfigSource(file, System.getenv(), all);
  }

  private int refuse(Exception reason) {
    System.err.println("ppstp-tracker: " + reason.getMessage());
    return ExitCode.USAGE;
  }

  private void out(String line) {
    if (spec != null) {
      spec.commandLine().getOut().println(line);
    }
  }
}
