package io.headrace.tracking;

import java.util.concurrent.ThreadLocalRandom;

/** Names for runs that have none: easy to say, unlikely to meet twice in one experiment. */
final class RandomName {
  private static final String[] QUALITIES = {
    "able", "amber", "brisk", "calm", "clear", "cool", "deep", "early", "fair", "fleet", "gentle",
    "glad", "grand", "keen", "kind", "level", "light", "lucid", "mild", "neat", "noble", "open",
    "plain", "prime", "quiet", "rapid", "ready", "sound", "steady", "still", "swift", "warm"
  };
  private static final String[] THINGS = {
    "arch", "basin", "bay", "beck", "bridge", "brook", "canal", "channel", "cove", "creek", "dam",
    "delta", "ferry", "flume", "ford", "gate", "harbor", "inlet", "isle", "lake", "lock", "mill",
    "pool", "reach", "reed", "river", "sluice", "spring", "stream", "tide", "weir", "wheel"
  };

  private RandomName() {}

  static String next() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return QUALITIES[random.nextInt(QUALITIES.length)]
        + "-"
        + THINGS[random.nextInt(THINGS.length)]
        + "-"
        + random.nextInt(1_000);
  }
}
