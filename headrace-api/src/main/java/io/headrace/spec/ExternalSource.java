package io.headrace.spec;

import io.headrace.problem.Where;
import java.util.List;
import java.util.Optional;

/** Where an import takes data from, or an export puts it: named by a connection. */
public sealed interface ExternalSource {
  /** As written: {@code database}, {@code azuresqldb}, {@code s3} and the like, lower case. */
  String type();

  /** {@code azureml:NAME}, or a name. */
  Written connection();

  Where where();

  /** Rows. One of query, table and stored procedure is given. */
  record Database(
      String type,
      Written connection,
      Optional<Written> query,
      Optional<Written> tableName,
      Optional<Written> storedProcedure,
      List<Parameter> storedProcedureParameters,
      Where where)
      implements ExternalSource {
    public Database {
      storedProcedureParameters = List.copyOf(storedProcedureParameters);
    }
  }

  /** A parameter of a stored procedure. */
  record Parameter(Optional<String> name, Optional<String> value, Optional<String> type) {}

  /** Files. */
  record FileSystem(String type, Written connection, Optional<Written> path, Where where)
      implements ExternalSource {}
}
