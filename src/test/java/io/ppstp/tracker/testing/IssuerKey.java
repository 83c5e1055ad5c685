package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

/** A key that a token issuer signs with, by the JDK's own cryptography. Thread-safe. */
public final class IssuerKey {
  private static final Map<String, String> CURVES =
      Map.of("ES256", "secp256r1", "ES384", "secp384r1", "ES512", "secp521r1");
  private static final Map<String, String> CURVE_NAMES =
      Map.of("ES256", "P-256", "ES384", "P-384", "ES512", "P-521");

  private final String id;
  private final String algorithm;
  private final KeyPair pair;

  private IssuerKey(String id, String algorithm, KeyPair pair) {
    this.id = id;
    this.algorithm = algorithm;
    this.pair = pair;
  }

  /** Makes a new key for an {@code alg} such as RS256. */
  public static IssuerKey generate(String id, String algorithm) throws GeneralSecurityException {
    return generate(id, algorithm, 2048);
  }

  /** Makes a new key; the size is for RSA. */
  public static IssuerKey generate(String id, String algorithm, int bits)
      throws GeneralSecurityException {
    KeyPairGenerator generator;
    if (CURVES.containsKey(algorithm)) {
      generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(CURVES.get(algorithm)));
    } else if (algorithm.equals("EdDSA")) {
      generator = KeyPairGenerator.getInstance("Ed25519");
    } else {
      generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
    }
    return new IssuerKey(id, algorithm, generator.generateKeyPair());
  }

  /** Returns the ID. */
  public String id() {
    return id;
  }

  /** Returns the public key in DER. */
  public byte[] publicBytes() {
    return pair.getPublic().getEncoded();
  }

  /** Returns this key with another {@code alg}. */
  public IssuerKey as(String other) {
    return new IssuerKey(id, other, pair);
  }

  /** Returns this key with another ID. */
  public IssuerKey named(String other) {
    return new IssuerKey(other, algorithm, pair);
  }

  /** Returns the public key as a JWK. */
  public ObjectNode jwk() {
    ObjectNode jwk = Json.object().put("kid", id).put("alg", algorithm).put("use", "sig");
    if (pair.getPublic() instanceof RSAPublicKey rsa) {
      return jwk.put("kty", "RSA")
          .put("n", base64(unsigned(rsa.getModulus(), (rsa.getModulus().bitLength() + 7) / 8)))
          .put("e", base64(rsa.getPublicExponent().toByteArray()));
    }
    if (pair.getPublic() instanceof ECPublicKey ec) {
      int length = (ec.getParams().getCurve().getField().getFieldSize() + 7) / 8;
      return jwk.put("kty", "EC")
          .put("crv", CURVE_NAMES.get(algorithm))
          .put("x", base64(unsigned(ec.getW().getAffineX(), length)))
          .put("y", base64(unsigned(ec.getW().getAffineY(), length)));
    }
    byte[] der = publicBytes();
    return jwk.put("kty", "OKP")
        .put("crv", "Ed25519")
        .put("x", base64(Arrays.copyOfRange(der, der.length - 32, der.length)));
  }

  /** Returns a key set. */
  public static String set(IssuerKey... keys) {
    ObjectNode set = Json.object();
    set.putArray("keys");
    for (IssuerKey key : keys) {
      set.withArray("keys").add(key.jwk());
    }
    return set.toString();
  }

  /** Returns a token with these claims, signed. */
  public String token(JsonNode claims) {
    return token(Json.object().put("alg", algorithm).put("typ", "JWT").put("kid", id), claims);
  }

  /** Returns a token with these claims and any header, signed by this key's algorithm. */
  public String token(JsonNode header, JsonNode claims) {
    String content = unsigned(header, claims);
    return content + "." + base64(sign(content.getBytes(UTF_8)));
  }

  /** Returns the part of a token that is signed. */
  public static String unsigned(JsonNode header, JsonNode claims) {
    return base64(header.toString().getBytes(UTF_8))
        + "."
        + base64(claims.toString().getBytes(UTF_8));
  }

  /** Returns base64url without padding. */
  public static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private byte[] sign(byte[] content) {
    try {
      Signature signature = signature();
      signature.initSign(pair.getPrivate());
      signature.update(content);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Signature signature() throws GeneralSecurityException {
    String hash = "SHA" + algorithm.substring(2);
    return switch (algorithm.substring(0, 2)) {
      case "RS" -> Signature.getInstance(hash + "withRSA");
      case "ES" -> Signature.getInstance(hash + "withECDSAinP1363Format");
      case "PS" -> pss(Integer.parseInt(algorithm.substring(2)));
      default -> Signature.getInstance("Ed25519");
    };
  }

  private static Signature pss(int bits) throws GeneralSecurityException {
    Signature pss = Signature.getInstance("RSASSA-PSS");
    pss.setParameter(
        new PSSParameterSpec(
            "SHA-" + bits, "MGF1", new MGF1ParameterSpec("SHA-" + bits), bits / 8, 1));
    return pss;
  }

  private static byte[] unsigned(BigInteger number, int length) {
    byte[] bytes = number.toByteArray();
    byte[] padded = new byte[length];
    int from = Math.max(0, bytes.length - length);
    System.arraycopy(bytes, from, padded, length - (bytes.length - from), bytes.length - from);
    return padded;
  }
}
