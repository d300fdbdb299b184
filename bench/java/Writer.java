import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Fills two input topics: `write <topic>,<topic> <partitions> <count> <seed> <good|bad>`. */
final class Writer {
  private Writer() {}

  static String write(String bootstrap, String[] words) {
    String[] topics = words[1].split(",");
    var logs = new Logs(Long.parseLong(words[4]), Integer.parseInt(words[2]));
    long count = Long.parseLong(words[3]);
    boolean isGood = words[5].equals("good");
    var large = Map.of("linger.ms", "20", "batch.size", "262144", "buffer.memory", "67108864");
    try (var producer = Clients.producer(bootstrap, large)) {
      for (long index = 0; index < count; index++) {
        byte[] value = isGood ? logs.valueOf(index) : bad(logs, index);
        producer.send(new ProducerRecord<>(topics[logs.topicOf(index)], logs.partitionOf(index), null, value));
      }
      producer.flush();
    }
    return "{\"written\":" + count + "}";
  }

  /** As long as a good one, with an invalid month. */
  private static byte[] bad(Logs logs, long index) {
    return new String(logs.valueOf(index), StandardCharsets.ISO_8859_1)
        .replace("2024-02", "2024-13")
        .getBytes(StandardCharsets.ISO_8859_1);
  }
}
