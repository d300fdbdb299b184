import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads everything that is committed and compares it with the generator: `check <topic> <partitions> <count> <seed>
 * <level>`. Levels: `exact` (the text of each timestamp), `value` (its number), `count`. `csv <partitions> <count>
 * <seed> <file>` does the same for results.csv, always with level `exact`.
 */
final class Check {
  private static final Pattern ROW = Pattern.compile("(-?[\\d.]+),\"(\\d{1,18})\",\\d+,1");

  private final Logs logs;
  private final int expected;
  private final String level;
  private final BitSet seen = new BitSet();
  private final long[][] lastIndex;
  private final StringBuilder ends = new StringBuilder();
  private long records;
  private long twice;
  private long disordered;
  private long wrong;

  private Check(String partitions, String count, String seed, String level) {
    logs = new Logs(Long.parseLong(seed), Integer.parseInt(partitions));
    expected = Integer.parseInt(count);
    this.level = level;
    lastIndex = new long[2 * logs.partitionsPerTopic()][1];
    for (long[] last : lastIndex) last[0] = -1;
  }

  static String check(String bootstrap, String[] words) {
    try (var consumer = Clients.consumer(bootstrap, Map.of())) {
      var partitions = Clients.partitions(consumer, words[1]);
      var check = new Check(words[2], words[3], words[4], words[5]);
      var ends = consumer.endOffsets(partitions);
      for (var partition : partitions) {
        consumer.assign(java.util.List.of(partition));
        consumer.seekToBeginning(java.util.List.of(partition));
        long first = -1;
        long last = -1;
        while (consumer.position(partition) < ends.get(partition)) {
          for (var record : consumer.poll(Duration.ofMillis(200))) {
            if (first < 0) first = record.offset();
            last = record.offset();
            check.take(record);
          }
        }
        check.ends.append(check.ends.isEmpty() ? "" : ",").append("[" + first + "," + last + "]");
      }
      return check.answer();
    }
  }

  static String csv(String[] words) throws IOException {
    var check = new Check(words[1], words[2], words[3], "exact");
    var file = Path.of(String.join(" ", Arrays.copyOfRange(words, 4, words.length)));
    try (var lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      if (!"timestamp,message,time,diff".equals(lines.readLine())) check.wrong++;
      for (String row = lines.readLine(); row != null; row = lines.readLine()) check.takeRow(row);
    }
    return check.answer();
  }

  private void takeRow(String row) {
    records++;
    var fields = ROW.matcher(row);
    if (!fields.matches()) {
      wrong++;
      return;
    }
    int index = note(Long.parseLong(fields.group(2)));
    if (index >= 0 && !fields.group(1).equals(logs.timestampOf(index))) wrong++;
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    records++;
    if (level.equals("count")) return;
    String text = new String(record.value(), StandardCharsets.ISO_8859_1);
    int index = note(Long.parseLong(field(text, "\"message\":", "\"")));
    if (index >= 0 && !isRight(text, index, record)) wrong++;
  }

  /**
   * Counts the log with this message, and whether it is a repeat or out of order. Returns its index, or -1 if there is
   * no such log.
   */
  private int note(long message) {
    int index = (int) (message - Logs.FIRST_MESSAGE);
    if (index < 0 || index >= expected) {
      wrong++;
      return -1;
    }
    if (seen.get(index)) twice++;
    seen.set(index);
    long[] last = lastIndex[2 * logs.partitionOf(index) + logs.topicOf(index)];
    if (index <= last[0]) disordered++;
    last[0] = index;
    return index;
  }

  private boolean isRight(String text, int index, ConsumerRecord<byte[], byte[]> record) {
    String timestamp = field(text, "\"timestamp\":", ",");
    String right = logs.timestampOf(index);
    // For these instants, a double is exact to a quarter of a microsecond.
    if (level.equals("value")) return Math.abs(Double.parseDouble(timestamp) - Double.parseDouble(right)) < 0.0006;
    int partition = 2 * logs.partitionOf(index) + logs.topicOf(index);
    String shape = "{\"timestamp\":" + right + ",\"message\":\"" + (Logs.FIRST_MESSAGE + index) + "\",\"time\":";
    return record.partition() == partition && text.startsWith(shape) && text.endsWith(",\"diff\":1}")
        && record.headers().lastHeader("source") != null;
  }

  /** The text after `name`, without its spaces and opening quote, up to `end`. */
  static String field(String text, String name, String end) {
    int at = text.indexOf(name) + name.length();
    while (text.charAt(at) == ' ' || text.charAt(at) == '"') at++;
    return text.substring(at, text.indexOf(end, at));
  }

  private String answer() {
    long lost = level.equals("count") ? Math.max(0, expected - records) : expected - seen.cardinality();
    return "{\"count\":" + records + ",\"lost\":" + lost + ",\"twice\":" + twice + ",\"disordered\":" + disordered
        + ",\"wrong\":" + wrong + ",\"ends\":[" + ends + "]}";
  }
}
