package io.headrace.registry;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/**
 * Puts TLS only over connections to public addresses. The JDK connects a plain socket and hands it
 * over here; a factory that has no unconnected sockets makes it do so.
 */
final class CheckedSockets extends SSLSocketFactory {
  private final SSLSocketFactory inner;

  CheckedSockets(SSLSocketFactory inner) {
    this.inner = inner;
  }

  /** With the certificates that this Java trusts. */
  static CheckedSockets standard() {
    try {
      return new CheckedSockets(SSLContext.getDefault().getSocketFactory());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The connection leads to an address that may not be called. */
  static final class NotPublic extends IOException {
    private static final long serialVersionUID = 1L;

    NotPublic(InetAddress address) {
      super(
          "Webhook connection blocked: "
              + address.getHostAddress()
              + " is not a public IP address.");
    }
  }

  @Override
  public Socket createSocket(Socket connected, String host, int port, boolean autoClose)
      throws IOException {
    if (!PublicAddress.is(connected.getInetAddress())) {
      connected.close();
      throw new NotPublic(connected.getInetAddress());
    }
    return inner.createSocket(connected, host, port, autoClose);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw new IOException("not used");
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    throw new IOException("not used");
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    throw new IOException("not used");
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    throw new IOException("not used");
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return inner.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return inner.getSupportedCipherSuites();
  }
}
