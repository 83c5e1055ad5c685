package io.ppstp.tracker.management;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ppstp.tracker.testing.Commands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;

/** The description of the management API is good enough to make a client of, here in TypeScript. */
class OpenApiClientTest {
  private static final Path SOURCES = Path.of("src", "test", "openapi-client");

  /** Where .ci/run has installed the generator and the compiler. */
  private static final Path FOLDER = Path.of("target", "openapi-client");

  private static final Path PROGRAMS = FOLDER.resolve(Path.of("node_modules", ".bin"));

  @Test
  void aProgramByItsTypesCompiles() throws Exception {
    assumeTrue(Commands.has("node"), "skipped: this machine has no node");
    assumeTrue(
        Files.exists(PROGRAMS.resolve("tsc")),
        "skipped: .ci/run has not installed openapi-typescript in target");
    Files.copy(
        SOURCES.resolve("client.ts"),
        FOLDER.resolve("client.ts"),
        StandardCopyOption.REPLACE_EXISTING);
    String made =
        Commands.run(
            PROGRAMS.resolve("openapi-typescript").toString(),
            Path.of("src", "main", "resources", "operators", "openapi.json").toString(),
            "--output",
            FOLDER.resolve("api.d.ts").toString());
    assertTrue(Files.size(FOLDER.resolve("api.d.ts")) > 1000, made);
    String complaints =
        Commands.run(
            PROGRAMS.resolve("tsc").toString(),
            "--noEmit",
            "--strict",
            "--skipLibCheck",
            "--target",
            "es2022",
            "--module",
            "esnext",
            "--moduleResolution",
            "bundler",
            FOLDER.resolve("client.ts").toString());
    assertEquals("", complaints);
  }
}
