import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** The input of every benchmark: log `index` of a seed, 66 bytes, computed wherever it is needed. */
record Logs(long seed, int partitionsPerTopic) {
  static final long FIRST_MESSAGE = 1_000_000_000L;
  private static final long START_SECONDS = LocalDateTime.of(2024, 2, 5, 15, 0).toEpochSecond(ZoneOffset.UTC);
  private static final int[] OFFSET_HOURS = {-5, 1};
  private static final String[] OFFSETS = {" -0500", " +0100"};

  private long mix(long index) {
    return mix(seed, index);
  }

  /** splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators). */
  static long mix(long seed, long index) {
    long bits = seed * 0x9e3779b97f4a7c15L + index * 0xd1342543de82ef95L + 0x9e3779b97f4a7c15L;
    bits = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    bits = (bits ^ (bits >>> 27)) * 0x94d049bb133111ebL;
    return bits ^ (bits >>> 31);
  }

  int topicOf(long index) {
    return (int) (mix(index) & 1);
  }

  int partitionOf(long index) {
    return (int) ((mix(index) >>> 1 & 0xffff) % partitionsPerTopic);
  }

  /** One log per millisecond, with random microseconds. */
  long microsOf(long index) {
    return START_SECONDS * 1_000_000 + index * 1_000 + (mix(index) >>> 20) % 1_000;
  }

  byte[] valueOf(long index) {
    return format(microsOf(index), topicOf(index), FIRST_MESSAGE + index);
  }

  static byte[] format(long micros, int topic, long message) {
    var local = LocalDateTime.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), 0, ZoneOffset.ofHours(OFFSET_HOURS[topic]));
    var text = new StringBuilder(66).append("{\"date\":\"").append(local.getYear());
    pad(text.append('-'), local.getMonthValue(), 2);
    pad(text.append('-'), local.getDayOfMonth(), 2);
    pad(text.append(' '), local.getHour(), 2);
    pad(text.append(':'), local.getMinute(), 2);
    pad(text.append(':'), local.getSecond(), 2);
    pad(text.append('.'), (int) Math.floorMod(micros, 1_000_000L), 6);
    text.append(OFFSETS[topic]).append("\",\"message\":\"").append(message).append("\"}");
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void pad(StringBuilder text, int number, int digits) {
    String plain = Integer.toString(number);
    for (int missing = digits - plain.length(); missing > 0; missing--) text.append('0');
    text.append(plain);
  }

  /** What the ETL must print for it: exact milliseconds without trailing zeros. */
  String timestampOf(long index) {
    return BigDecimal.valueOf(microsOf(index), 3).stripTrailingZeros().toPlainString();
  }
}
