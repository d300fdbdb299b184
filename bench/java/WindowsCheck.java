import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The benchmark `windows`: `windows-write <topic> <count> <seed>`, `windows-count <topic> <count> <seed>`, and
 * `windows-check <topic> <count> <seed>`, of rides 40 ms apart, out of order by up to 3 s, none of them late. Windows
 * that end within `OPEN_MS` before the last ride may be missing: contenders wait differently long for late rides.
 */
final class WindowsCheck {
  /** Partitions of equal size: Kafka Streams drops rides of a larger one that come after its grace. */
  private static final int PARTITIONS = 4;
  private static final int LOCATIONS = 40;
  private static final long START_MS = 1_609_804_800_000L;
  private static final long STEP_MS = 40;
  private static final long OPEN_MS = 15_000_000;

  private final Map<String, Long> counts = new HashMap<>();
  private final Set<String> due = new HashSet<>();
  private final Set<String> seen = new HashSet<>();
  private final boolean isOfLocations;
  private long twice;
  private long wrong;
  private String firstWrong = "";

  private WindowsCheck(String[] words) {
    isOfLocations = words[1].equals("rides_pulocation_window_count");
    long sizeMs = isOfLocations ? 10_000 : 600_000;
    long everyMs = isOfLocations ? 10_000 : 300_000;
    int count = Integer.parseInt(words[2]);
    long seed = Long.parseLong(words[3]);
    long openMs = START_MS + count * STEP_MS - OPEN_MS;
    for (int index = 0; index < count; index++) {
      long pickupMs = pickupOf(seed, index);
      String key = isOfLocations ? locationOf(seed, index) : vendorOf(seed, index);
      for (long start = pickupMs - Math.floorMod(pickupMs, everyMs); start > pickupMs - sizeMs; start -= everyMs) {
        String window = start + "/" + (start + sizeMs) + "/" + key;
        counts.merge(window, 1L, Long::sum);
        if (start + sizeMs <= openMs) due.add(window);
      }
    }
  }

  static String write(String bootstrap, String[] words) {
    int count = Integer.parseInt(words[2]);
    long seed = Long.parseLong(words[3]);
    var large = Map.of("linger.ms", "20", "batch.size", "262144", "buffer.memory", "67108864");
    try (var producer = Clients.producer(bootstrap, large)) {
      for (int index = 0; index < count; index++) {
        String location = locationOf(seed, index);
        int partition = Integer.parseInt(location) % PARTITIONS;
        producer.send(new ProducerRecord<>(words[1], partition, bytes(location), bytes(ride(seed, index))));
      }
      producer.flush();
    }
    return "{\"written\":" + count + "}";
  }

  static String count(String[] words) {
    return "{\"due\":" + new WindowsCheck(words).due.size() + "}";
  }

  static String check(String bootstrap, String[] words) {
    var check = new WindowsCheck(words);
    Clients.readAll(bootstrap, words[1], check::take);
    if (check.wrong > 0) System.err.println("windows, the first that is wrong: " + check.firstWrong);
    long found = check.seen.stream().filter(check.due::contains).count();
    return "{\"count\":" + found + ",\"lost\":" + (check.due.size() - found) + ",\"twice\":" + check.twice
        + ",\"disordered\":0,\"wrong\":" + check.wrong + ",\"ends\":[]}";
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    String text = new String(record.value(), StandardCharsets.UTF_8);
    String key = Check.field(text, isOfLocations ? "\"pu_location_id\":" : "\"vendor_id\":", isOfLocations ? "," : "\"");
    String window = Check.field(text, "\"window_start\":", ",") + "/" + Check.field(text, "\"window_end\":", ",") + "/" + key;
    long rides = Long.parseLong(Check.field(text, "\"rides\":", "}"));
    if (!seen.add(window)) twice++;
    boolean isRight = rides == counts.getOrDefault(window, -1L) && key.equals(new String(record.key(), StandardCharsets.UTF_8));
    if (isRight) return;
    if (wrong == 0) firstWrong = text;
    wrong++;
  }

  private static int number(long seed, long index, int shift, int below) {
    return (int) ((Logs.mix(seed, index) >>> shift & 0xffff) % below);
  }

  private static String locationOf(long seed, long index) {
    return Integer.toString(1 + number(seed, index, 4, LOCATIONS));
  }

  private static String vendorOf(long seed, long index) {
    return Integer.toString(1 + number(seed, index, 0, 2));
  }

  private static long pickupOf(long seed, long index) {
    return START_MS + index * STEP_MS - number(seed, index, 20, 3_000);
  }

  /** The ETL's format. */
  private static String ride(long seed, long index) {
    long pickupMs = pickupOf(seed, index);
    return "{\"ride\":\"rides_json/0/" + index + "\",\"vendor_id\":\"" + vendorOf(seed, index) + "\",\"pickup_ms\":" + pickupMs
        + ",\"dropoff_ms\":" + (pickupMs + 600_000) + ",\"passenger_count\":1,\"trip_distance\":1.5,\"pu_location_id\":"
        + locationOf(seed, index) + ",\"do_location_id\":75,\"payment_type\":\"1\",\"fare_amount\":\"8.00\",\"total_amount\":\"12.35\"}";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
