package io.headrace.backend.sqlite;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.sqlite.jdbc4.JDBC4Connection;
import org.sqlite.jdbc4.JDBC4PreparedStatement;

/**
 * A connection that keeps its prepared statements, since to prepare one costs more than to run it.
 * For one thread. A statement that is still open is never handed out twice.
 */
final class KeepingConnection extends JDBC4Connection {
  /** More than the rooms' statements together; text that is made up anew each time stops here. */
  private static final int MOST = 200;

  private final Map<String, Kept> idle = new HashMap<>();

  KeepingConnection(String url, String file) throws SQLException {
    super(url, file, new Properties());
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
      throws SQLException {
    checkOpen();
    checkCursor(type, concurrency, holdability);
    var kept = idle.remove(sql);
    return kept == null ? new Kept(this, sql) : kept;
  }

  /** Closing puts it back. */
  private static final class Kept extends JDBC4PreparedStatement {
    private final KeepingConnection home;
    private final String text;

    Kept(KeepingConnection home, String text) throws SQLException {
      super(home, text);
      this.home = home;
      this.text = text;
    }

    @Override
    public void close() throws SQLException {
      if (isClosed() || home.isClosed() || home.idle.size() >= MOST) {
        super.close();
        return;
      }
      rs.close();
      clearParameters();
      if (home.idle.putIfAbsent(text, this) != null) {
        super.close();
      }
    }
  }
}
