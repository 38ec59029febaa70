package io.headrace.spi;

import io.headrace.name.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Bytes by their SHA-256. Thread-safe, and safe between processes. Writes are atomic and durable:
 * when a method that stores returns, the object survives a power cut; before, a reader sees all of
 * it or none. Putting the same bytes twice, even at once, leaves one object.
 */
public interface ObjectStore {
  /**
   * The modification time of every file that {@link #give} makes and {@link #adopt} takes over:
   * 2001-01-01T00:00:00Z. It is the same for every run, and a later write to the file shows in it.
   */
  FileTime SEALED = FileTime.fromMillis(978_307_200_000L);

  /**
   * Stores a stream.
   *
   * @param bytes read to its end and left open; of any length
   * @throws IOException if the store cannot be written; nothing is then visible under any digest
   */
  Digest put(InputStream bytes) throws IOException;

  /**
   * Stores a file's bytes; the file stays its owner's and may change later. Reflinked where
   * possible, else copied.
   */
  Digest put(Path file) throws IOException;

  /**
   * Takes a finished file over without a second copy where the file system allows it: afterwards it
   * is read-only, its modification time is {@link #SEALED}, and it may share its bytes with the
   * object, so nobody may write to it.
   */
  Digest adopt(Path file) throws IOException;

  /**
   * Makes {@code target} hold the object's bytes, without a copy where possible, read-only, its
   * modification time {@link #SEALED}. Not durable: a target is scratch.
   *
   * @param target does not exist; its folder does
   * @param executable whether it shall have the x bit; such a file may be a copy
   * @throws java.io.FileNotFoundException when the object is not here
   */
  void give(Digest digest, Path target, boolean executable) throws IOException;

  /**
   * Opens an object; the caller closes it.
   *
   * @throws java.io.FileNotFoundException when the object is not here
   */
  InputStream open(Digest digest) throws IOException;

  /** An object's length in bytes, or -1 when it is not here. */
  long size(Digest digest) throws IOException;

  /**
   * Those of {@code digests} that are not here, or that were written to and no longer have their
   * digest. One call, however many.
   */
  Set<Digest> missing(Collection<Digest> digests) throws IOException;

  /**
   * Reads the whole object and says whether its bytes still have its digest. If not, {@link
   * #missing} names it from then on.
   *
   * @throws java.io.FileNotFoundException when the object is not here
   */
  boolean intact(Digest digest) throws IOException;

  /**
   * Drops an object whose bytes no longer have its digest; one that is whole, or that another
   * process puts meanwhile, stays. Reads the whole object.
   *
   * @return whether it was dropped
   */
  boolean dropIfDamaged(Digest digest) throws IOException;

  /** All objects, in no order; the caller closes it. */
  Stream<Digest> list() throws IOException;

  /**
   * Whether nobody has put this object, or asked whether it is here, since then. A reader's use
   * need not count. False when it is not here.
   */
  boolean unusedSince(Digest digest, Instant then) throws IOException;

  /**
   * Takes an object away unless somebody has put it, or asked for it, since then; whoever does so
   * meanwhile, in any process, finds it or puts it anew. Killed half-way, it is whole or gone.
   *
   * @return whether it was taken away
   */
  boolean removeUnused(Digest digest, Instant then) throws IOException;

  /** Takes an object away; nothing happens when it is not here. */
  void remove(Digest digest) throws IOException;
}
