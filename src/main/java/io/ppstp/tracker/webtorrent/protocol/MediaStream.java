package io.ppstp.tracker.webtorrent.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One rendition or audio track of a channel, and the hash under which p2p-media-loader 2.3
 * announces it: a swarm for each. Immutable.
 *
 * <p>The hash is no hash of a torrent but a text of 20 characters: the Base64 of the first 15 bytes
 * of the SHA-1 of {@code v2-SWARM-TYPE-INDEX}. The index is the Base64 of the SHA-1 of what is
 * known of the stream, with dashes between: bit rate, codecs, width, height, language, channels,
 * name, frame rate and video range, each in one way of writing it. What hls.js knows stands in the
 * master playlist ({@code EXT-X-STREAM-INF}, {@code EXT-X-MEDIA} of RFC 8216), so a stream is
 * written here as it stands there.
 *
 * @param swarmId the setting {@code swarmId} of p2p-media-loader, by default the URL of the master
 *     playlist without its query
 * @param type {@code main} or {@code secondary}
 * @param attributes of the playlist; what is not part of the hash does no harm
 */
public record MediaStream(String swarmId, String type, Map<String, String> attributes) {
  private static final String VERSION = "v2";
  private static final String MAIN = "main";
  private static final int HASH_BYTES = 15;
  private static final int LANGUAGE_LENGTH = 2;
  private static final int CODEC_PARTS = 3;

  private static final Pattern WRITTEN = Pattern.compile("(\\S+) +(\\S+)(?: +(.*))?");
  private static final Pattern ATTRIBUTE =
      Pattern.compile("([A-Z0-9-]+)=(?:\"([^\"]*)\"|([^\\s,\"]+))");

  /** Beginnings of the codecs of sound; players tell those of a rendition from its others. */
  private static final List<String> AUDIO =
      List.of("mp4a", "ac-3", "ac-4", "ec-3", "opus", "flac", "alac", "dts", "mha", "mhm", "vorb");

  private static final List<String> TEXT = List.of("stpp", "wvtt");

  /** Copies {@code attributes}. */
  public MediaStream {
    attributes = Map.copyOf(attributes);
  }

  /**
   * Reads a stream as an operator writes it: {@code SWARM TYPE}, and behind these the attributes of
   * the playlist with commas or blanks between.
   *
   * @throws IllegalArgumentException if it has another form
   */
  public static MediaStream parse(String text) {
    Matcher parts = WRITTEN.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("no stream: " + text);
    }
    Map<String, String> attributes = new HashMap<>();
    if (parts.group(3) != null) {
      ATTRIBUTE
          .matcher(parts.group(3))
          .results()
          .forEach(
              one ->
                  attributes.put(one.group(1), one.group(2) == null ? one.group(3) : one.group(2)));
    }
    return new MediaStream(parts.group(1), parts.group(2), attributes);
  }

  /** Returns the hash as a message has it. */
  public String infoHash() {
    byte[] whole = sha1(VERSION + '-' + swarmId + '-' + type + '-' + index());
    return base64(Arrays.copyOf(whole, HASH_BYTES));
  }

  private String index() {
    return base64(sha1(type.equals(MAIN) ? rendition() : audioTrack()));
  }

  /** Where nobody knows the bit rate, as with a single playlist, nothing else counts either. */
  private String rendition() {
    String bitrate = number(attributes.get("BANDWIDTH"));
    if (bitrate.isEmpty() || bitrate.equals("0")) {
      return joined("0", "", "", "", "", "", "", "", "");
    }
    String[] size = attributes.getOrDefault("RESOLUTION", "x").split("x", -1);
    return joined(
        bitrate,
        codecs(codec -> !isOneOf(AUDIO, codec) && !isOneOf(TEXT, codec)),
        number(size[0]),
        number(size[1]),
        "",
        "",
        "",
        number(attributes.get("FRAME-RATE")),
        attributes.getOrDefault("VIDEO-RANGE", "").toUpperCase(Locale.ROOT).strip());
  }

  private String audioTrack() {
    String language = attributes.getOrDefault("LANGUAGE", "");
    String channels = attributes.getOrDefault("CHANNELS", "");
    return joined(
        "0",
        codecs(codec -> isOneOf(AUDIO, codec)),
        "",
        "",
        language.equals("und")
            ? ""
            : language
                .substring(0, Math.min(LANGUAGE_LENGTH, language.length()))
                .toLowerCase(Locale.ROOT),
        channels.split("/", -1)[0],
        attributes.getOrDefault("NAME", language).toLowerCase(Locale.ROOT).strip(),
        "",
        "");
  }

  private static String joined(String... parts) {
    return String.join("-", parts);
  }

  private String codecs(Predicate<String> wanted) {
    return Stream.of(attributes.getOrDefault("CODECS", "").split("[ ,]+", -1))
        .map(codec -> codec.toLowerCase(Locale.ROOT))
        .filter(codec -> !codec.isEmpty())
        .filter(wanted)
        .map(MediaStream::inHexadecimal)
        .sorted()
        .collect(Collectors.joining(","));
  }

  private static boolean isOneOf(List<String> beginnings, String codec) {
    return beginnings.stream().anyMatch(codec::startsWith);
  }

  /** {@code avc1.66.30} is the old way to write {@code avc1.42001e} (RFC 4281). */
  private static String inHexadecimal(String codec) {
    String[] parts = codec.split("\\.", -1);
    boolean old =
        parts.length == CODEC_PARTS
            && (parts[0].equals("avc1") || parts[0].equals("avc"))
            && parts[1].matches("0|[1-9][0-9]{0,8}")
            && parts[2].matches("0|[1-9][0-9]{0,8}");
    return old
        ? String.format(
            Locale.ROOT,
            "%s.%02x00%02x",
            parts[0],
            Integer.parseInt(parts[1]),
            Integer.parseInt(parts[2]))
        : codec;
  }

  /** Without zeros that say nothing; empty if there is none. */
  private static String number(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return "";
    }
    return new BigDecimal(text).stripTrailingZeros().toPlainString();
  }

  private static byte[] sha1(String text) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }

  private static String base64(byte[] bytes) {
    return new String(Base64.getEncoder().encode(bytes), ISO_8859_1);
  }
}
