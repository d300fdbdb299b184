import java.util.ArrayList;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Watches where the readable part of topics ends: `watch <topic>,… <count> <pollMs> <quietMs> <timeoutMs>`. Prints a
 * line for each change, and answers once at least `count` offsets are readable and nothing has changed for `quietMs`.
 */
final class Watch {
  /** If nothing was written by then, the contender has not started. */
  private static final long LONGEST_START_NANOS = 120_000_000_000L;

  private Watch() {}

  static String watch(String bootstrap, String[] words) throws InterruptedException {
    long count = Long.parseLong(words[2]);
    long pollMs = Long.parseLong(words[3]);
    long quietNanos = Long.parseLong(words[4]) * 1_000_000;
    long deadline = System.nanoTime() + Long.parseLong(words[5]) * 1_000_000;
    try (var consumer = Clients.consumer(bootstrap, Map.of())) {
      var partitions = new ArrayList<TopicPartition>();
      for (String topic : words[1].split(",")) partitions.addAll(Clients.partitions(consumer, topic));
      Map<TopicPartition, Long> last = Map.of();
      long changedAt = System.nanoTime();
      while (System.nanoTime() < deadline) {
        // With isolation read_committed, these are the last stable offsets.
        var ends = consumer.endOffsets(partitions);
        if (!ends.equals(last)) {
          last = ends;
          changedAt = System.nanoTime();
          System.out.println(point(partitions.stream().map(ends::get).toList().toString()));
        }
        long sum = ends.values().stream().mapToLong(Long::longValue).sum();
        if (sum >= count && System.nanoTime() - changedAt > quietNanos) return "{\"finished\":true}";
        boolean isSilent = sum == 0 && System.nanoTime() - changedAt > LONGEST_START_NANOS;
        if (isSilent) return "{\"finished\":false}";
        Thread.sleep(pollMs);
      }
      return "{\"finished\":false}";
    }
  }

  private static String point(String ends) {
    return "{\"atMs\":" + System.currentTimeMillis() + ",\"ends\":" + ends + "}";
  }
}
