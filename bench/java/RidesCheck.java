import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;

/**
 * The benchmark `rides`: `rides-write <topic> <json|avro> <count> <seed> <schema id>`, and `rides-check <input topic>
 * <json|avro> <output topic> <count> <seed> <exact|value>`. Both topics have four partitions.
 */
final class RidesCheck {
  private static final int PARTITIONS = 4;

  private final Rides rides;
  private final String input;
  private final boolean isExact;
  /** The ride at each offset of each input partition. */
  private final int[][] indexOf;
  private final BitSet seen = new BitSet();
  private final long[][] lastOffset = new long[PARTITIONS][PARTITIONS];
  private final int count;
  private long records;
  private long twice;
  private long disordered;
  private long wrong;
  private String firstWrong = "";

  private RidesCheck(String[] words) {
    input = words[1];
    count = Integer.parseInt(words[4]);
    rides = new Rides(Long.parseLong(words[5]));
    isExact = words[6].equals("exact");
    indexOf = new int[PARTITIONS][count];
    int[] ends = new int[PARTITIONS];
    for (int index = 0; index < count; index++) {
      int partition = partitionOf(keyOf(rides, words[2], index));
      indexOf[partition][ends[partition]++] = index;
    }
    for (int partition = 0; partition < PARTITIONS; partition++)
      indexOf[partition] = Arrays.copyOf(indexOf[partition], ends[partition]);
    for (long[] last : lastOffset) Arrays.fill(last, -1);
  }

  static String write(String bootstrap, String[] words) {
    var rides = new Rides(Long.parseLong(words[4]));
    int count = Integer.parseInt(words[3]);
    int schemaId = Integer.parseInt(words[5]);
    var large = Map.of("linger.ms", "20", "batch.size", "262144", "buffer.memory", "67108864");
    try (var producer = Clients.producer(bootstrap, large)) {
      for (int index = 0; index < count; index++) {
        byte[] key = keyOf(rides, words[2], index);
        byte[] value = words[2].equals("json") ? rides.json(index) : rides.avro(index, schemaId);
        producer.send(new ProducerRecord<>(words[1], partitionOf(key), key, value));
      }
      producer.flush();
    }
    return "{\"written\":" + count + "}";
  }

  static String check(String bootstrap, String[] words) {
    var check = new RidesCheck(words);
    Clients.readAll(bootstrap, words[3], check::take);
    if (check.wrong > 0) System.err.println("rides, the first that is wrong: " + check.firstWrong);
    return "{\"count\":" + check.records + ",\"lost\":" + (check.count - check.seen.cardinality()) + ",\"twice\":" + check.twice
        + ",\"disordered\":" + check.disordered + ",\"wrong\":" + check.wrong + ",\"ends\":[]}";
  }

  private static byte[] keyOf(Rides rides, String format, int index) {
    int key = format.equals("json") ? rides.pickupZoneOf(index) : rides.vendorOf(index);
    return Integer.toString(key).getBytes(StandardCharsets.UTF_8);
  }

  private static int partitionOf(byte[] key) {
    return Utils.toPositive(Utils.murmur2(key)) % PARTITIONS;
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    records++;
    String text = new String(record.value(), StandardCharsets.UTF_8);
    String ride = Check.field(text, "\"ride\":", "\"");
    String[] place = ride.split("/");
    int partition = Integer.parseInt(place[1]);
    int offset = Integer.parseInt(place[2]);
    if (!place[0].equals(input) || offset >= indexOf[partition].length) {
      note(text);
      return;
    }
    int index = indexOf[partition][offset];
    if (seen.get(index)) twice++;
    seen.set(index);
    if (offset <= lastOffset[partition][record.partition()]) disordered++;
    lastOffset[partition][record.partition()] = offset;
    byte[] key = Integer.toString(rides.pickupZoneOf(index)).getBytes(StandardCharsets.UTF_8);
    String right = rides.converted(index, ride);
    boolean isRight = isExact
        ? text.equals(right) && Arrays.equals(key, record.key()) && record.partition() == partitionOf(key)
        : text.equals(right) || Noaa.isSame(text, right);
    if (!isRight) note(text);
  }

  private void note(String text) {
    if (wrong == 0) firstWrong = text;
    wrong++;
  }
}
