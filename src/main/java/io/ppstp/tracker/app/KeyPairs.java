package io.ppstp.tracker.app;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509KeyManager;

/** Tells whether a certificate and a private key belong together. Stateless. */
final class KeyPairs {
  private static final byte[] PROBE = new byte[32];

  private KeyPairs() {}

  /**
   * Checks every key of {@code keys} against its certificate, by signing with the one and verifying
   * with the other.
   *
   * @throws GeneralSecurityException if a key is not that of its certificate
   */
  static void check(KeyManagerFactory keys) throws GeneralSecurityException {
    for (KeyManager manager : keys.getKeyManagers()) {
      if (manager instanceof X509KeyManager known) {
        for (String type : new String[] {"RSA", "EC", "EdDSA"}) {
          String[] aliases = known.getServerAliases(type, null);
          for (String alias : aliases == null ? new String[0] : aliases) {
            check(known.getPrivateKey(alias), known.getCertificateChain(alias)[0]);
          }
        }
      }
    }
  }

  private static void check(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(PROBE);
    byte[] signed = signature.sign();
    try {
      signature.initVerify(certificate.getPublicKey());
      signature.update(PROBE);
      if (signature.verify(signed)) {
        return;
      }
    } catch (InvalidKeyException | SignatureException e) {
      // A key of another kind or size: the same fault.
    }
    throw new GeneralSecurityException("the key is not that of the certificate");
  }
}
