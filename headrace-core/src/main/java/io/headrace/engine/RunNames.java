package io.headrace.engine;

import io.headrace.name.RunId;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Makes names for runs. Names are unguessable enough never to meet twice, and pipelines' ones can
 * be said aloud.
 */
final class RunNames {
  private static final String[] FIRST = {
    "amber", "brisk", "calm", "clear", "crisp", "deep", "eager", "early", "fair", "fresh", "gentle",
    "golden", "green", "grey", "keen", "level", "light", "lively", "mellow", "mild", "misty",
    "narrow", "noble", "open", "pale", "patient", "plain", "quick", "quiet", "rapid", "ready",
    "sandy", "sharp", "silver", "slow", "smooth", "steady", "still", "stony", "sunny", "swift",
    "tidal", "upper", "warm", "wide", "wild", "winding", "young"
  };
  private static final String[] SECOND = {
    "bank",
    "basin",
    "bay",
    "beck",
    "bend",
    "bridge",
    "brook",
    "canal",
    "cascade",
    "channel",
    "creek",
    "current",
    "dam",
    "delta",
    "eddy",
    "falls",
    "fen",
    "ford",
    "fountain",
    "gate",
    "gorge",
    "harbor",
    "inlet",
    "lake",
    "marsh",
    "meadow",
    "mill",
    "moor",
    "pond",
    "pool",
    "race",
    "rapids",
    "reach",
    "reed",
    "ridge",
    "river",
    "shoal",
    "shore",
    "sluice",
    "source",
    "spring",
    "stream",
    "tide",
    "valley",
    "water",
    "weir",
    "well",
    "willow"
  };
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz0123456789";

  private final SecureRandom random = new SecureRandom();

  /** For a pipeline or a job of its own: {@code steady_brook_7k2m9xq4}. */
  RunId forJob() {
    var name = new StringBuilder();
    name.append(FIRST[random.nextInt(FIRST.length)]).append('_');
    name.append(SECOND[random.nextInt(SECOND.length)]).append('_');
    for (int i = 0; i < 8; i++) {
      name.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return new RunId(name.toString());
  }

  /**
   * For a step: 32 hexadecimal digits, as MLflow's own run ids. The first twelve are the time, as
   * in a UUID of version 7, so that the records of one run stand together in every index.
   */
  RunId forStep() {
    var bytes = new byte[16];
    random.nextBytes(bytes);
    long now = System.currentTimeMillis();
    for (int i = 0; i < 6; i++) {
      bytes[i] = (byte) (now >>> (40 - 8 * i));
    }
    return new RunId(HexFormat.of().formatHex(bytes));
  }
}
