package io.ppstp.tracker.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Certificates and clients for HTTPS. Stateless. */
public final class Tls {
  private static final String PASSWORD = "password";
  private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private Tls() {}

  /** A certificate for localhost and its key, in PEM files. */
  public record PemFiles(Path certificate, Path key, X509Certificate parsed) {}

  /**
   * Makes a certificate.
   *
   * @param keyAlgorithm RSA or EC
   */
  public static PemFiles certificate(Path folder, String keyAlgorithm)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = folder.resolve(keyAlgorithm + ".p12");
    String told =
        Commands.run(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-keyalg",
            keyAlgorithm,
            "-alias",
            "tracker",
            "-dname",
            "CN=localhost",
            "-ext",
            "SAN=dns:localhost,ip:127.0.0.1",
            "-keystore",
            store.toString(),
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD);
    if (!Files.exists(store)) {
      throw new IOException(told);
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    X509Certificate certificate =
        (X509Certificate) Objects.requireNonNull(keys.getCertificate("tracker"));
    Key key = Objects.requireNonNull(keys.getKey("tracker", PASSWORD.toCharArray()));
    return new PemFiles(
        pem(folder.resolve(keyAlgorithm + ".crt"), "CERTIFICATE", certificate.getEncoded()),
        pem(folder.resolve(keyAlgorithm + ".key"), "PRIVATE KEY", key.getEncoded()),
        certificate);
  }

  private static Path pem(Path file, String type, byte[] der) throws IOException {
    String text =
        "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(type, PEM.encodeToString(der));
    return Files.write(file, text.getBytes(US_ASCII));
  }

  /** Returns a context that trusts this certificate only. */
  public static SSLContext trusting(X509Certificate certificate)
      throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("tracker", certificate);
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  /** Returns a context that trusts everybody, to look at what a server shows. */
  public static SSLContext trustingAll() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Credulous()}, null);
    return context;
  }

  /** Returns a socket to {@code server} before its handshake. */
  public static SSLSocket socket(URI server) throws IOException, GeneralSecurityException {
    SSLSocket socket =
        (SSLSocket)
            trustingAll().getSocketFactory().createSocket(server.getHost(), server.getPort());
    socket.setSoTimeout(30_000);
    return socket;
  }

  /** As {@link #socket(URI)}, from one of this machine's addresses. */
  public static SSLSocket socket(String literal, URI server)
      throws IOException, GeneralSecurityException {
    SSLSocket socket =
        (SSLSocket)
            trustingAll()
                .getSocketFactory()
                .createSocket(
                    InetAddress.getByName(server.getHost()),
                    server.getPort(),
                    InetAddress.getByName(literal),
                    0);
    socket.setSoTimeout(30_000);
    return socket;
  }

  /** Returns the session that {@code socket} agrees on with its server. */
  public static SSLSession handshake(SSLSocket socket) throws IOException {
    socket.startHandshake();
    return socket.getSession();
  }

  private static final class Credulous extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** Returns the certificate that a server shows. */
  public static X509Certificate shownBy(URI server) throws IOException, GeneralSecurityException {
    try (SSLSocket socket = socket(server)) {
      Certificate[] chain = handshake(socket).getPeerCertificates();
      return (X509Certificate) chain[0];
    }
  }
}
