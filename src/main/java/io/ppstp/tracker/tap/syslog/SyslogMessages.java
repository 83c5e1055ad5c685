package io.ppstp.tracker.tap.syslog;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Makes messages of events (RFC 5424, Section 6); immutable.
 *
 * <p>The kind is the MSGID, the process that published it the PROCID, and each member a parameter
 * of the one structured data element, in its order. What strangers have chosen is in values of
 * parameters only, with {@code "}, {@code \} and {@code ]} escaped and control characters replaced.
 */
final class SyslogMessages {
  /**
   * The number is that of examples (RFC 5612); whoever has an own number sees what it stands for.
   */
  static final String SD_ID = "event@32473";

  private static final JsonFactory JSON = new JsonFactory();
  private static final String NIL = "-";
  private static final int LOCAL0 = 16;
  private static final int INFORMATIONAL = 6;

  /** By kind; all others are informational. */
  private static final Map<String, Integer> SEVERITIES =
      Map.of("refused", 4, "configured", 5, "reported", 7);

  private static final Pattern WORD = Pattern.compile("[a-z_]{1,32}");
  private static final Pattern PROCESS = Pattern.compile("[0-9A-Za-z]{1,64}");
  private static final Pattern HOST = Pattern.compile("[!-~]{1,255}");
  private static final Pattern TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,6})?Z");
  private static final byte[] CUT = " truncated=\"true\"".getBytes(US_ASCII);

  private final String host;
  private final int mostBytes;

  /**
   * Makes one.
   *
   * @param host the name of this machine; what cannot be one becomes none
   * @param mostBytes of a message: parameters that would not fit are left out
   */
  SyslogMessages(String host, int mostBytes) {
    this.host = HOST.matcher(host).matches() ? host : NIL;
    this.mostBytes = mostBytes;
  }

  /** A parameter of the element, its value as it is meant. */
  record Param(String name, String value) {}

  /** Returns the message of the line of an event. */
  byte[] of(byte[] lines, int from, int length) {
    List<Param> params = params(lines, from, length);
    String kind = known(params, "event", WORD);
    String why = known(params, "cause", WORD);
    why = why.equals(NIL) ? known(params, "reason", WORD) : why;
    int priority = LOCAL0 * 8 + SEVERITIES.getOrDefault(kind, INFORMATIONAL);
    String header =
        "<%d>1 %s %s ppstp-tracker %s %s [%s"
            .formatted(
                priority,
                known(params, "at", TIME),
                host,
                known(params, "node", PROCESS),
                kind,
                SD_ID);
    String text = "] " + (why.equals(NIL) ? kind : kind + ": " + why);
    return message(header, params, text);
  }

  private byte[] message(String header, List<Param> params, String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(header.getBytes(US_ASCII));
    int room = mostBytes - out.size() - CUT.length - text.length();
    boolean cut = false;
    for (Param param : params) {
      byte[] bytes = " %s=\"%s\"".formatted(param.name(), escaped(param.value())).getBytes(UTF_8);
      if (bytes.length <= room) {
        out.writeBytes(bytes);
        room -= bytes.length;
      } else {
        cut = true;
      }
    }
    if (cut) {
      out.writeBytes(CUT);
    }
    out.writeBytes(text.getBytes(US_ASCII));
    return out.toByteArray();
  }

  private static String known(List<Param> params, String name, Pattern form) {
    for (Param param : params) {
      if (param.name().equals(name)) {
        return form.matcher(param.value()).matches() ? param.value() : NIL;
      }
    }
    return NIL;
  }

  /** A line break would be the end of a message to some receivers, and the next one a forgery. */
  private static String escaped(String value) {
    StringBuilder escaped = new StringBuilder(value.length() + 8);
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\' || c == ']') {
        escaped.append('\\').append(c);
      } else if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        escaped.append('\ufffd');
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }

  /**
   * Returns the members of an event as far as they can be read: those of a list one by one under
   * its name, those of an object in a list under theirs.
   */
  static List<Param> params(byte[] lines, int from, int length) {
    List<Param> params = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(lines, from, length)) {
      String list = "";
      while (parser.nextToken() != null) {
        JsonToken token = parser.currentToken();
        String name = parser.currentName() == null ? list : parser.currentName();
        if (token == JsonToken.START_ARRAY) {
          list = name;
        } else if (token.isScalarValue() && isTold(name)) {
          params.add(new Param(name, parser.getText()));
        }
      }
    } catch (IOException e) {
      // What could be read is handed on, as to every output.
    }
    return params;
  }

  /** The version is that of the JSON, and the swarms of an expiry are in its memberships too. */
  private static boolean isTold(String name) {
    return WORD.matcher(name).matches() && !name.equals("v") && !name.equals("swarm_ids");
  }
}
