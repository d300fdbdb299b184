import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/**
 * The noaa pipeline with Kafka Streams: one topology over three chained topics, Jackson's trees, and readings of
 * Arizona passed on as bytes.
 */
public final class Noaa {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private record Rule(String email, String station, String element, double atMost) {}

  private final Map<String, JsonNode> stations = new HashMap<>();
  private final List<Rule> rules = new ArrayList<>();

  private Noaa(Path folder) throws IOException {
    for (String line : Files.readAllLines(folder.resolve("stations.jsonl"))) {
      JsonNode station = MAPPER.readTree(line);
      stations.put(station.get("id").textValue(), station);
    }
    for (JsonNode rule : MAPPER.readTree(folder.resolve("alerts.json").toFile())) {
      rules.add(new Rule(rule.get("email").textValue(), rule.get("station_id").textValue(), rule.get("element").textValue(),
          rule.get("at_most").doubleValue()));
    }
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    var noaa = new Noaa(Path.of(System.getenv("PIPELINE_FOLDER")));
    var builder = new StreamsBuilder();
    var bytes = Serdes.ByteArray();
    var read = Consumed.with(bytes, bytes);
    var write = Produced.with(bytes, bytes);
    builder.stream("noaa-flat", read).map((key, value) -> noaa.enrich(value)).to("noaa-json", write);
    builder.stream("noaa-json", read).filter((key, value) -> isOfArizona(value)).to("noaa-json-us-az", write);
    builder.stream("noaa-json-us-az", read).flatMapValues(noaa::alertsOf).to("noaa-alerts", write);
    Peer.run(builder.build(), Peer.settings());
  }

  private KeyValue<byte[], byte[]> enrich(byte[] value) {
    try {
      JsonNode flat = MAPPER.readTree(value);
      String id = flat.get("station_id").textValue();
      ObjectNode reading = MAPPER.createObjectNode();
      reading.set("station", stations.get(id));
      flat.fields().forEachRemaining(field -> {
        if (!field.getKey().equals("station_id")) reading.set(field.getKey(), checked(field));
      });
      return KeyValue.pair(id.getBytes(StandardCharsets.UTF_8), MAPPER.writeValueAsBytes(reading));
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private static JsonNode checked(Map.Entry<String, JsonNode> field) {
    JsonNode value = field.getValue();
    boolean fits = field.getKey().equals("date") ? value.isTextual() : value.isNumber() || value.isNull();
    if (!fits) throw new IllegalArgumentException("expected a reading, got one with " + field);
    return value;
  }

  private static boolean isOfArizona(byte[] value) {
    JsonNode station = parse(value).get("station");
    return station.path("country_code").asText().equals("US") && station.path("state_code").asText().equals("AZ");
  }

  private List<byte[]> alertsOf(byte[] value) {
    var reading = (ObjectNode) parse(value);
    var alerts = new ArrayList<byte[]>();
    for (Rule rule : rules) {
      JsonNode measured = reading.path(rule.element());
      if (!rule.station().equals(reading.get("station").get("id").textValue())) continue;
      if (!measured.isNumber() || measured.doubleValue() > rule.atMost()) continue;
      try {
        alerts.add(MAPPER.writeValueAsBytes(reading.put("email", rule.email())));
      } catch (IOException error) {
        throw new UncheckedIOException(error);
      }
    }
    return alerts;
  }

  private static JsonNode parse(byte[] value) {
    try {
      return MAPPER.readTree(value);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }
}
