package io.headrace.backend.sqlite;

import io.headrace.backend.records.MetadataStoreTest;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;

/** Writes notes without end, and prints each one's number once it has been acknowledged. */
final class WritingMain {
  private WritingMain() {}

  /** Arguments: the file, the first number, how many numbers. */
  public static void main(String[] arguments) throws InterruptedException {
    var store = SqliteMetadataStore.open(Path.of(arguments[0]));
    store.migrate(
        "notes",
        List.of(List.of("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")));
    int first = Integer.parseInt(arguments[1]);
    int count = Integer.parseInt(arguments[2]);
    var ahead = new Semaphore(20);
    for (int i = first; i < first + count; i++) {
      int id = i;
      ahead.acquire();
      var _ =
          store
              .write(MetadataStoreTest.insert(id, "text of " + id))
              .whenComplete((written, failure) -> {
                System.out.println(failure == null ? String.valueOf(id) : "failed " + failure);
                System.out.flush();
                ahead.release();
              });
    }
    store.close();
    System.out.println("done");
  }
}
