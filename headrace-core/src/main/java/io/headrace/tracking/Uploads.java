package io.headrace.tracking;

import io.headrace.name.Digest;
import io.headrace.spi.MetadataStore;
import io.headrace.spi.ObjectStore;
import io.headrace.sql.Sql;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/**
 * Files that come in parts, several at once and in any order. A part is durable when it was taken;
 * the file is seen when all are there and the client says so. What nobody completes is forgotten
 * after a week. Thread-safe.
 */
public final class Uploads {
  /** The most parts that a file may have. */
  public static final int MOST_PARTS = 10_000;

  static final String ROOM = "uploads";

  /** Released steps never change; add to the end. */
  static final List<List<String>> STEPS =
      List.of(
          List.of(
              """
              create table uploads (
                upload_id text primary key,
                path text not null,
                parts bigint not null,
                begun bigint not null)\
              """,
              """
              create table upload_parts (
                upload_id text not null,
                part bigint not null,
                digest text not null,
                size bigint not null,
                primary key (upload_id, part))\
              """));

  /** In the place of the number of parts: the file is complete. */
  private static final long DONE = 0;

  private static final Duration PATIENCE = Duration.ofDays(7);

  private final MetadataStore store;
  private final ObjectStore objects;
  private final Artifacts artifacts;
  private final InstantSource clock;

  Uploads(MetadataStore store, ObjectStore objects, Artifacts artifacts, InstantSource clock) {
    this.store = store;
    this.objects = objects;
    this.artifacts = artifacts;
    this.clock = clock;
  }

  /** A part that was taken. */
  private record Part(long number, Digest digest) {}

  /** Begins a file of so many parts; gives the upload's id. */
  public String begin(ArtifactPath file, int parts) {
    if (file.isRoot()) {
      throw TrackingException.invalid("Invalid path: it names no file");
    }
    if (parts < 1 || parts > MOST_PARTS) {
      throw TrackingException.invalid(
          "Invalid value %d for parameter 'num_parts' supplied. It must be at least 1 and at most %d."
              .formatted(parts, MOST_PARTS));
    }
    String id = UUID.randomUUID().toString().replace("-", "");
    long now = clock.millis();
    return store.writeNow(connection -> {
      forget(connection, now - PATIENCE.toMillis());
      Sql.update(
          connection,
          "insert into uploads values (?, ?, ?, ?)",
          id,
          file.toString(),
          (long) parts,
          now);
      return id;
    });
  }

  private static void forget(Connection connection, long begunBefore) throws SQLException {
    Sql.update(
        connection,
        "delete from upload_parts where upload_id in"
            + " (select upload_id from uploads where begun < ?)",
        begunBefore);
    Sql.update(connection, "delete from uploads where begun < ?", begunBefore);
  }

  /** The file that an upload is to become. */
  public ArtifactPath file(String uploadId) {
    return store.read(connection ->
        Sql.first(
                connection,
                "select path from uploads where upload_id = ?",
                row -> ArtifactPath.of(row.getString(1)),
                uploadId)
            .orElseThrow(() -> missing(uploadId)));
  }

  /** Takes a part, in the place of one with its number; gives what {@link #complete} must name. */
  public String put(String uploadId, int number, InputStream bytes) throws IOException {
    long parts = store.read(connection -> require(connection, uploadId));
    if (number < 1 || number > parts) {
      throw TrackingException.invalid(
          "The upload has %d parts; there is no part %d.".formatted(parts, number));
    }
    Digest digest = objects.put(bytes);
    long size = objects.size(digest);
    return store.writeNow(connection -> {
      require(connection, uploadId);
      Sql.update(
          connection,
          "insert into upload_parts values (?, ?, ?, ?) on conflict (upload_id, part)"
              + " do update set digest = excluded.digest, size = excluded.size",
          uploadId,
          (long) number,
          digest.hex(),
          size);
      return digest.hex();
    });
  }

  /**
   * Joins the parts into the file. May be asked for again.
   *
   * @param tags what {@link #put} gave for each part, in their order
   */
  public void complete(ArtifactPath file, String uploadId, List<String> tags) throws IOException {
    if (store.read(connection -> requireFor(connection, uploadId, file)) == DONE) {
      return;
    }
    List<Part> parts =
        store.read(connection ->
            Sql.list(
                connection,
                "select part, digest from upload_parts where upload_id = ? order by part",
                row -> new Part(row.getLong(1), new Digest(row.getString(2))),
                uploadId));
    List<String> here = parts.stream().map(part -> part.digest.hex()).toList();
    if (!here.equals(tags) || (!parts.isEmpty() && parts.getLast().number != parts.size())) {
      throw TrackingException.invalid(
          "The parts of the upload are not all here, or are others than those named.");
    }
    List<Digest> digests = parts.stream().map(Part::digest).toList();
    try (InputStream bytes = new JoinedStream(objects, digests)) {
      artifacts.put(file, bytes);
    }
    store.writeNow(connection -> {
      Sql.update(connection, "delete from upload_parts where upload_id = ?", uploadId);
      return Sql.update(
          connection, "update uploads set parts = ? where upload_id = ?", DONE, uploadId);
    });
  }

  /** Gives an upload up; the file is not changed. */
  public void abort(ArtifactPath file, String uploadId) {
    store.read(connection -> requireFor(connection, uploadId, file));
    store.writeNow(connection -> {
      Sql.update(connection, "delete from upload_parts where upload_id = ?", uploadId);
      return Sql.update(connection, "delete from uploads where upload_id = ?", uploadId);
    });
  }

  private static long require(Connection connection, String uploadId) throws SQLException {
    return Sql.first(
            connection,
            "select parts from uploads where upload_id = ?",
            row -> row.getLong(1),
            uploadId)
        .orElseThrow(() -> missing(uploadId));
  }

  private static long requireFor(Connection connection, String uploadId, ArtifactPath file)
      throws SQLException {
    return Sql.first(
            connection,
            "select parts from uploads where upload_id = ? and path = ?",
            row -> row.getLong(1),
            uploadId,
            file.toString())
        .orElseThrow(() -> missing(uploadId));
  }

  private static TrackingException missing(String uploadId) {
    return TrackingException.notFound(
        "There is no upload '%s'.".formatted(Names.visible(Names.cut(uploadId, 64))));
  }
}
