import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.List;

/** The second opinion on event times: java.time and integers, independent of the project. */
final class EventTime {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS xx").withResolverStyle(ResolverStyle.STRICT);

  /** For each text, the exact epoch milliseconds as text, or null if it is not a date with an offset. */
  static Object all(JsonNode request) {
    List<String> results = new ArrayList<>();
    for (JsonNode text : request.get("dates")) results.add(of(text.asText()));
    return results;
  }

  private static String of(String text) {
    try {
      Instant instant = OffsetDateTime.parse(text, DATE).toInstant();
      long micros = Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
      return BigDecimal.valueOf(micros, 3).stripTrailingZeros().toPlainString();
    } catch (DateTimeException failure) {
      return null;
    }
  }
}
