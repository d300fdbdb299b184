import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes logs stamped with the moment, at a rate, and reads what becomes of them: `live <inputs> <output> <rate>
 * <warmSeconds> <seconds>`. A latency runs from a log's own stamp to the poll that brings its output; the outputs of
 * the first `warmSeconds` do not count.
 */
final class Live {
  private Live() {}

  static String live(String bootstrap, String[] words) throws InterruptedException {
    String[] inputs = words[1].split(",");
    int rate = Integer.parseInt(words[3]);
    int warm = (int) (rate * Double.parseDouble(words[4]));
    int count = warm + (int) (rate * Double.parseDouble(words[5]));
    var now = Map.of("fetch.max.wait.ms", "500", "fetch.min.bytes", "1");
    try (var consumer = Clients.consumer(bootstrap, now)) {
      var partitions = Clients.partitions(consumer, words[2]);
      consumer.assign(partitions);
      consumer.seekToEnd(partitions);
      partitions.forEach(consumer::position);
      var writer = new Thread(() -> write(bootstrap, inputs, rate, count));
      writer.start();
      double[] latencies = new double[count];
      int read = 0;
      long deadline = System.nanoTime() + (long) (1e9 * (count / (double) rate + 20));
      while (read < count && System.nanoTime() < deadline) {
        var records = consumer.poll(Duration.ofMillis(500));
        double nowMs = micros() / 1000.0;
        for (var record : records) if (read < count) latencies[read++] = nowMs - stampOf(new String(record.value()));
      }
      writer.join();
      return summary(latencies, Math.min(warm, read), read, count);
    }
  }

  private static long micros() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }

  private static void write(String bootstrap, String[] inputs, int rate, int count) {
    try (KafkaProducer<byte[], byte[]> producer = Clients.producer(bootstrap, Map.of("linger.ms", "0"))) {
      for (String input : inputs) producer.partitionsFor(input);
      long start = System.nanoTime();
      for (int index = 0; index < count; index++) {
        long due = start + (long) (index * 1e9 / rate);
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) LockSupport.parkNanos(left);
        int topic = index % inputs.length;
        producer.send(new ProducerRecord<>(inputs[topic], 0, null, Logs.format(micros(), topic, Logs.FIRST_MESSAGE + index)));
      }
    }
  }

  private static double stampOf(String text) {
    int at = text.indexOf("\"timestamp\":") + 12;
    return Double.parseDouble(text.substring(at, text.indexOf(',', at)));
  }

  private static String summary(double[] latencies, int from, int to, int expected) {
    double[] sorted = Arrays.copyOfRange(latencies, from, to);
    Arrays.sort(sorted);
    int last = sorted.length - 1;
    if (last < 0) return "{\"read\":" + to + ",\"expected\":" + expected + ",\"p50Ms\":null,\"p99Ms\":null,\"maxMs\":null}";
    return String.format(java.util.Locale.ROOT,
        "{\"read\":%d,\"expected\":%d,\"p50Ms\":%.2f,\"p99Ms\":%.2f,\"maxMs\":%.2f}", to, expected,
        sorted[last / 2], sorted[(int) Math.ceil(last * 0.99)], sorted[last]);
  }
}
