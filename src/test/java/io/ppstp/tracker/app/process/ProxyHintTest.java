package io.ppstp.tracker.app.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ppstp.tracker.config.ConfigLoader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyHintTest {
  @Test
  void saysWhatToSet() throws Exception {
    String hint = ProxyHint.of(ConfigLoader.load(null, Map.of(), List.of())).orElseThrow();

    assertTrue(hint.contains("set proxy.header and proxy.trusted"), hint);
  }

  @ParameterizedTest
  @CsvSource({
    "http.host=10.1.2.3 http.allow-plain-text=true, true",
    "http.host=0.0.0.0 http.allow-plain-text=true, true",
    "http.host=tracker.example http.allow-plain-text=true, true",
    "http.host=20.51.100.7 http.allow-plain-text=true, false",
    "http.enabled=false https.enabled=true https.self-signed=true https.host=20.51.100.7, false",
    "https.enabled=true https.self-signed=true https.host=20.51.100.7, true",
    "https.enabled=true https.self-signed=true https.host=:: http.enabled=false, true",
    "policy.anonymous=open, false",
    "auth.required=true, false",
    "auth.digest.accounts=pom.xml, false",
    "auth.digest.accounts=pom.xml auth.required=false, true",
    "proxy.header=x-forwarded-for proxy.trusted=10.0.0.0/8, false",
  })
  void isGivenWhereAProxyMayStand(String settings, boolean given) throws Exception {
    assertEquals(
        given,
        ProxyHint.of(ConfigLoader.load(null, Map.of(), List.of(settings.split(" ")))).isPresent());
  }
}
