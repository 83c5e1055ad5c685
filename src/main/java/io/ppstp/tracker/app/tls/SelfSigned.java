package io.ppstp.tracker.app.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import javax.security.auth.x500.X500Principal;

/**
 * Writes throw-away certificates for the local host (RFC 5280), each with a new P-256 key. The Java
 * platform has no public class that issues certificates, and a library that does is larger than the
 * tracker. Stateless.
 */
final class SelfSigned {
  private static final Duration LIFE = Duration.ofDays(30);

  /** How far a client's clock may be behind. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  private static final String SUBJECT = "CN=ppstp-tracker,OU=self-signed,O=for trying out only";
  private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, new byte[] {'\n'});

  /** RFC 5280, Section 4.1.2.5: UTCTime through the year 2049, then GeneralizedTime. */
  private static final DateTimeFormatter SHORT_TIME =
      DateTimeFormatter.ofPattern("uuMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  private static final DateTimeFormatter LONG_TIME =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  private static final Instant LONG_TIMES_BEGIN = Instant.parse("2050-01-01T00:00:00Z");

  private static final int BOOLEAN = 0x01;
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OCTET_STRING = 0x04;
  private static final int OBJECT_ID = 0x06;
  private static final int SEQUENCE = 0x30;
  private static final int UTC_TIME = 0x17;
  private static final int GENERALIZED_TIME = 0x18;

  /** Tags whose meaning depends on where they stand. */
  private static final int CONTEXT = 0x80;

  private static final int CONSTRUCTED = 0xa0;
  private static final int DNS_NAME = CONTEXT | 2;
  private static final int IP_ADDRESS = CONTEXT | 7;

  private static final byte[] IPV6_LOOPBACK = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

  private static final byte[] TRUE = der(BOOLEAN, new byte[] {(byte) 0xff});

  /** 1.2.840.10045.4.3.2. */
  private static final byte[] ECDSA_WITH_SHA256 =
      der(
          SEQUENCE,
          der(OBJECT_ID, new byte[] {0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2}));

  /** The last octet of the object identifiers 2.5.29.x. */
  private static final int KEY_USAGE = 15;

  private static final int SUBJECT_ALTERNATIVE_NAME = 17;
  private static final int BASIC_CONSTRAINTS = 19;

  private SelfSigned() {}

  /**
   * Returns a new certificate, good for a month from {@code now}, and its key.
   *
   * @throws GeneralSecurityException if this Java cannot sign with P-256
   */
  static PemKeyCertOptions issue(Instant now, SecureRandom random) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    KeyPair keys = generator.generateKeyPair();
    byte[] body = body(now, new BigInteger(63, random).setBit(62), keys.getPublic().getEncoded());
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(keys.getPrivate(), random);
    signature.update(body);
    byte[] certificate = der(SEQUENCE, body, ECDSA_WITH_SHA256, bits(signature.sign()));
    return new PemKeyCertOptions()
        .setCertValue(pem("CERTIFICATE", certificate))
        .setKeyValue(pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
  }

  /** TBSCertificate (RFC 5280, Section 4.1). */
  private static byte[] body(Instant now, BigInteger serial, byte[] publicKey) {
    byte[] name = new X500Principal(SUBJECT).getEncoded();
    return der(
        SEQUENCE,
        der(CONSTRUCTED, der(INTEGER, new byte[] {2})), // version 3
        der(INTEGER, serial.toByteArray()),
        ECDSA_WITH_SHA256,
        name,
        der(SEQUENCE, time(now.minus(SKEW)), time(now.plus(LIFE))),
        name,
        publicKey,
        der(CONSTRUCTED | 3, der(SEQUENCE, extensions())));
  }

  /** It is its own authority, so that clients can be told to trust it. */
  private static byte[] extensions() {
    return joined(
        extension(BASIC_CONSTRAINTS, TRUE, der(SEQUENCE, TRUE)),
        // digitalSignature and keyCertSign; the first octet counts the unused bits.
        extension(KEY_USAGE, TRUE, der(BIT_STRING, new byte[] {2, (byte) 0x84})),
        extension(
            SUBJECT_ALTERNATIVE_NAME,
            new byte[0],
            der(
                SEQUENCE,
                der(DNS_NAME, "localhost".getBytes(US_ASCII)),
                der(IP_ADDRESS, new byte[] {127, 0, 0, 1}),
                der(IP_ADDRESS, IPV6_LOOPBACK))));
  }

  private static byte[] extension(int number, byte[] critical, byte[] value) {
    byte[] id = der(OBJECT_ID, new byte[] {0x55, 0x1d, (byte) number});
    return der(SEQUENCE, id, critical, der(OCTET_STRING, value));
  }

  private static byte[] time(Instant at) {
    return at.isBefore(LONG_TIMES_BEGIN)
        ? der(UTC_TIME, SHORT_TIME.format(at).getBytes(US_ASCII))
        : der(GENERALIZED_TIME, LONG_TIME.format(at).getBytes(US_ASCII));
  }

  private static byte[] bits(byte[] octets) {
    return der(BIT_STRING, new byte[] {0}, octets);
  }

  /** Returns a value of the distinguished encoding rules: tag, length, content. */
  private static byte[] der(int tag, byte[]... parts) {
    byte[] content = joined(parts);
    ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 4);
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else if (content.length < 0x100) {
      out.write(0x81);
      out.write(content.length);
    } else {
      out.write(0x82);
      out.write(content.length >> 8);
      out.write(content.length);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static Buffer pem(String type, byte[] der) {
    return Buffer.buffer(
        "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
            .formatted(type, PEM.encodeToString(der)));
  }
}
