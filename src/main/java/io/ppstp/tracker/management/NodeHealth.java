package io.ppstp.tracker.management;

import io.vertx.core.json.JsonObject;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What the management room is told about the node that it is on; immutable.
 *
 * @param live whether the process can still do anything, else it had better be restarted
 * @param ready whether the node may take traffic just now
 * @param description adds the node's own part to a status report
 */
public record NodeHealth(
    BooleanSupplier live, BooleanSupplier ready, Consumer<JsonObject> description) {}
