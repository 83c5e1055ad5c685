package io.ppstp.tracker.app;

/**
 * What was there before the first setting was read; immutable.
 *
 * @param source of the settings
 * @param files what they looked like then
 * @param sighup takes the signal since then
 */
record Startup(ConfigSource source, FileStamps files, SighupHandler sighup) {}
