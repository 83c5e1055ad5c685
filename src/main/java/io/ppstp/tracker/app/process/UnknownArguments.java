package io.ppstp.tracker.app.process;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Tells which arguments of the command line are wrong. What stands behind the equals sign of an
 * unknown option, or where no argument is expected, may be a secret that was typed at the wrong
 * place: a log keeps what is printed, so that is not repeated. Stateless.
 */
public final class UnknownArguments implements IParameterExceptionHandler {
  private final IParameterExceptionHandler others;

  /** Leaves all other faults to {@code others}. */
  public UnknownArguments(IParameterExceptionHandler others) {
    this.others = others;
  }

  @Override
  public int handleParseException(ParameterException fault, String[] arguments) throws Exception {
    if (!(fault instanceof UnmatchedArgumentException unmatched)) {
      return others.handleParseException(fault, arguments);
    }
    CommandLine command = fault.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(describe(unmatched.getUnmatched()));
    if (!UnmatchedArgumentException.printSuggestions(fault, err)) {
      command.usage(err);
    }
    return CommandLine.ExitCode.USAGE;
  }

  private static String describe(List<String> unmatched) {
    List<String> options =
        unmatched.stream()
            .filter(argument -> argument.startsWith("-"))
            .map(argument -> "'" + argument.split("=", 2)[0] + "'")
            .toList();
    if (options.isEmpty()) {
      return unmatched.size() == 1
          ? "There is an argument that means nothing here"
          : "There are " + unmatched.size() + " arguments that mean nothing here";
    }
    return (options.size() == 1 ? "Unknown option: " : "Unknown options: ")
        + String.join(", ", options);
  }
}
