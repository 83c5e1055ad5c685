package io.ppstp.tracker.webtorrent.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The hashes of p2p-media-loader 2.3; the expected ones were computed by its own functions. */
class MediaStreamTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "news main BANDWIDTH=2000000,RESOLUTION=1280x720,CODECS=\"avc1.64001f,mp4a.40.2\","
            + "FRAME-RATE=30.000|y1CNLRpgSLXVfgw/J9IH",
        "https://cdn.example/live/master.m3u8 main BANDWIDTH=800000 RESOLUTION=640x360"
            + " CODECS=avc1.66.30 FRAME-RATE=29.970 VIDEO-RANGE=sdr|xluSjyexShTjmwxeEN+U",
        "news main VIDEO-RANGE=PQ,CODECS=\"MP4A.40.2, hvc1.2.4.L123.B0\",BANDWIDTH=5000000,"
            + "RESOLUTION=1920x1080,FRAME-RATE=50,AUDIO=\"a\"|9JozMM+Bsg5AmGsyDqMj",
        "news secondary TYPE=AUDIO,NAME=\" English (US) \",LANGUAGE=\"en-US\",CHANNELS=\"2/JOC\","
            + "CODECS=\"avc1.64001f,mp4a.40.2\"|71V1klSEE3ZCFsMVXEHN",
        "news main|7VPZYw2D3jzCZQacAidB",
        "news main BANDWIDTH=0 RESOLUTION=640x360|7VPZYw2D3jzCZQacAidB",
        "news secondary LANGUAGE=und NAME=\"\"|Al3DRI0Q+3Ht9DbpQQ75",
      })
  void isThatOfTheLibrary(String written, String hash) {
    assertEquals(hash, MediaStream.parse(written).infoHash());
  }

  @Test
  void renditionsAndChannelsAreApart() {
    String first = MediaStream.parse("news main BANDWIDTH=800000").infoHash();
    assertNotEquals(first, MediaStream.parse("news main BANDWIDTH=800001").infoHash());
    assertNotEquals(first, MediaStream.parse("news2 main BANDWIDTH=800000").infoHash());
    assertEquals(20, first.length());
  }

  @Test
  void whatIsNoStreamIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> MediaStream.parse("news"));
  }
}
