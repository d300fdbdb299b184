import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;

/**
 * The benchmark `noaa`: `noaa-write <topic> <count> <seed> <stations file>`, `noaa-count <count> <seed> <file>`, and
 * `noaa-check <readings|arizona|alerts> <topic> <count> <seed> <level> <file>`, which reads everything that is
 * committed. Levels: `exact` (bytes, key, partition, order in a partition, header `source`), `value` (the same fields
 * and values).
 */
final class Noaa {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Readings readings;
  private final String kind;
  private final long count;
  private final boolean isExact;
  private final BitSet seen = new BitSet();
  private final long[] lastIndex = new long[64];
  private final int partitions;
  private long records;
  private long twice;
  private long disordered;
  private long wrong;
  private String firstWrong = "";

  private Noaa(String kind, Readings readings, long count, boolean isExact, int partitions) {
    this.kind = kind;
    this.readings = readings;
    this.count = count;
    this.isExact = isExact;
    this.partitions = partitions;
    Arrays.fill(lastIndex, -1);
  }

  static String write(String bootstrap, String[] words) throws IOException {
    var readings = readingsOf(words[3], words, 4);
    long count = Long.parseLong(words[2]);
    var large = Map.of("linger.ms", "20", "batch.size", "262144", "buffer.memory", "67108864");
    try (var producer = Clients.producer(bootstrap, large)) {
      for (long index = 0; index < count; index++) producer.send(new ProducerRecord<>(words[1], 0, null, readings.flat(index)));
      producer.flush();
    }
    return "{\"written\":" + count + "}";
  }

  static String count(String[] words) throws IOException {
    var readings = readingsOf(words[2], words, 3);
    long count = Long.parseLong(words[1]);
    return String.format("{\"readings\":%d,\"arizona\":%d,\"alerts\":%d}", due(readings, "readings", count),
        due(readings, "arizona", count), due(readings, "alerts", count));
  }

  static String check(String bootstrap, String[] words) throws IOException {
    var readings = readingsOf(words[4], words, 6);
    int partitions = Clients.countPartitions(bootstrap, words[2]);
    var check = new Noaa(words[1], readings, Long.parseLong(words[3]), words[5].equals("exact"), partitions);
    Clients.readAll(bootstrap, words[2], check::take);
    return check.answer();
  }

  private static Readings readingsOf(String seed, String[] words, int file) throws IOException {
    return new Readings(Long.parseLong(seed), Path.of(String.join(" ", Arrays.copyOfRange(words, file, words.length))));
  }

  private static long due(Readings readings, String kind, long count) {
    long due = 0;
    for (long index = 0; index < count; index++) if (isDue(readings, kind, index)) due++;
    return due;
  }

  private static boolean isDue(Readings readings, String kind, long index) {
    return switch (kind) {
      case "readings" -> true;
      case "arizona" -> readings.isOfArizona(index);
      case "alerts" -> readings.raisesAlert(index);
      default -> throw new IllegalArgumentException("expected readings, arizona or alerts, got " + kind);
    };
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    records++;
    String text = new String(record.value(), StandardCharsets.UTF_8);
    String station = Check.field(text, "\"id\":", "\"");
    long index = readings.indexOf(station, Check.field(text, "\"date\":", "\""));
    if (index < 0 || index >= count || !isDue(readings, kind, index)) {
      note(text);
      return;
    }
    if (seen.get((int) index)) twice++;
    seen.set((int) index);
    if (index <= lastIndex[record.partition()]) disordered++;
    lastIndex[record.partition()] = index;
    if (!isRight(text, index, station, record)) note(text);
  }

  private void note(String text) {
    if (wrong == 0) firstWrong = text;
    wrong++;
  }

  private boolean isRight(String text, long index, String station, ConsumerRecord<byte[], byte[]> record) {
    String right = kind.equals("alerts") ? readings.alert(index) : readings.reading(index);
    if (!isExact) return text.equals(right) || isSame(text, right);
    byte[] key = station.getBytes(StandardCharsets.UTF_8);
    return text.equals(right) && Arrays.equals(key, record.key()) && record.headers().lastHeader("source") != null
        && record.partition() == Utils.toPositive(Utils.murmur2(key)) % partitions;
  }

  /** Ignores the order of fields, nulls in place of missing fields, and the time and diff that Pathway adds. */
  static boolean isSame(String text, String right) {
    try {
      return plain(MAPPER.readTree(text)).equals(plain(MAPPER.readTree(right)));
    } catch (IOException error) {
      return false;
    }
  }

  private static JsonNode plain(JsonNode node) {
    if (node.isNumber()) return MAPPER.getNodeFactory().numberNode(node.doubleValue());
    if (!(node instanceof ObjectNode fields)) return node;
    ObjectNode plain = MAPPER.createObjectNode();
    for (Iterator<Map.Entry<String, JsonNode>> all = fields.fields(); all.hasNext();) {
      var field = all.next();
      if (!field.getValue().isNull() && !field.getKey().equals("time") && !field.getKey().equals("diff"))
        plain.set(field.getKey(), plain(field.getValue()));
    }
    return plain;
  }

  private String answer() {
    long lost = due(readings, kind, count) - seen.cardinality();
    if (wrong > 0) System.err.println(kind + ", the first that is wrong: " + firstWrong);
    return "{\"count\":" + records + ",\"lost\":" + lost + ",\"twice\":" + twice + ",\"disordered\":" + disordered
        + ",\"wrong\":" + wrong + ",\"ends\":[]}";
  }
}
