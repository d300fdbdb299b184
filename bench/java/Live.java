import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Writes records stamped with the current time, at a rate, and reads what becomes of them: `live <inputs> <output>
 * <rate> <warmSeconds> <seconds>` with logs, `noaa-live <input> <output>,… <rate> <warmSeconds> <seconds>` with
 * readings that each reach all outputs. A latency lasts from a record's own stamp to the poll that returns its output;
 * the outputs of the first `warmSeconds` do not count.
 */
final class Live {
  /** Creates the value of record `index` at a given time. */
  private interface Source {
    byte[] value(long micros, int topic, int index);
  }

  private Live() {}

  static String live(String bootstrap, String[] words) throws InterruptedException {
    Source logs = (micros, topic, index) -> Logs.format(micros, topic, Logs.FIRST_MESSAGE + index);
    return run(bootstrap, words, logs, text -> number(text, "\"timestamp\":", ",")).get(0);
  }

  static String readings(String bootstrap, String[] words) throws InterruptedException {
    Source readings = (micros, topic, index) -> Readings.cold(micros);
    var answers = run(bootstrap, words, readings, text -> number(text, "\"date\":", "\"") / 1000);
    return "{\"outputs\":" + answers + "}";
  }

  /** One summary for each output topic. */
  private static List<String> run(String bootstrap, String[] words, Source source, ToDoubleFunction<String> stampOf)
      throws InterruptedException {
    String[] inputs = words[1].split(",");
    var outputs = List.of(words[2].split(","));
    int rate = Integer.parseInt(words[3]);
    int warm = (int) (rate * Double.parseDouble(words[4]));
    int count = warm + (int) (rate * Double.parseDouble(words[5]));
    var now = Map.of("fetch.max.wait.ms", "500", "fetch.min.bytes", "1");
    try (var consumer = Clients.consumer(bootstrap, now)) {
      var partitions = new ArrayList<TopicPartition>();
      for (String output : outputs) partitions.addAll(Clients.partitions(consumer, output));
      consumer.assign(partitions);
      consumer.seekToEnd(partitions);
      partitions.forEach(consumer::position);
      var writer = new Thread(() -> write(bootstrap, inputs, rate, count, source));
      writer.start();
      double[][] latencies = new double[outputs.size()][count];
      int[] read = new int[outputs.size()];
      long deadline = System.nanoTime() + (long) (1e9 * (count / (double) rate + 20));
      while (Arrays.stream(read).anyMatch(each -> each < count) && System.nanoTime() < deadline) {
        var records = consumer.poll(Duration.ofMillis(500));
        double nowMs = micros() / 1000.0;
        for (var record : records) {
          int output = outputs.indexOf(record.topic());
          if (read[output] < count) latencies[output][read[output]++] = nowMs - stampOf.applyAsDouble(new String(record.value()));
        }
      }
      writer.join();
      var answers = new ArrayList<String>();
      for (int at = 0; at < read.length; at++) answers.add(summary(latencies[at], Math.min(warm, read[at]), read[at], count));
      return answers;
    }
  }

  private static long micros() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }

  private static void write(String bootstrap, String[] inputs, int rate, int count, Source source) {
    try (KafkaProducer<byte[], byte[]> producer = Clients.producer(bootstrap, Map.of("linger.ms", "0"))) {
      for (String input : inputs) producer.partitionsFor(input);
      long start = System.nanoTime();
      for (int index = 0; index < count; index++) {
        long due = start + (long) (index * 1e9 / rate);
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) LockSupport.parkNanos(left);
        int topic = index % inputs.length;
        producer.send(new ProducerRecord<>(inputs[topic], 0, null, source.value(micros(), topic, index)));
      }
    }
  }

  private static double number(String text, String name, String end) {
    return Double.parseDouble(Check.field(text, name, end));
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
