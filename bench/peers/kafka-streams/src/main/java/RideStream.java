import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** The rides with Kafka Streams: JSON with Jackson's trees, Avro with Avro's own library and the schema of the id. */
public final class RideStream extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ZoneRules NEW_YORK = ZoneId.of("America/New_York").getRules();
  private static final int FRAME_BYTES = 5;

  private final boolean isAvro;
  private final Map<Integer, GenericDatumReader<GenericRecord>> readers = new HashMap<>();
  private BinaryDecoder decoder;
  private GenericRecord reused;

  private RideStream(boolean isAvro) {
    this.isAvro = isAvro;
  }

  public static void main(String[] arguments) throws InterruptedException {
    var environment = System.getenv();
    boolean isAvro = environment.get("FORMAT").equals("avro");
    var builder = new StreamsBuilder();
    var bytes = Serdes.ByteArray();
    builder
        .stream(environment.get("INPUT_TOPIC"), Consumed.with(bytes, bytes))
        .process(() -> new RideStream(isAvro))
        .to("rides", Produced.with(bytes, bytes));
    Peer.run(builder.build(), Peer.settings());
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    try {
      var ride = MAPPER.createObjectNode();
      var at = context().recordMetadata().orElseThrow();
      ride.put("ride", at.topic() + "/" + at.partition() + "/" + at.offset());
      if (isAvro) fromAvro(record.value(), ride);
      else fromJson(record.value(), ride);
      byte[] key = Integer.toString(ride.get("pu_location_id").intValue()).getBytes(StandardCharsets.UTF_8);
      context().forward(record.withKey(key).withValue(MAPPER.writeValueAsBytes(ride)));
    } catch (IOException | InterruptedException error) {
      throw new IllegalStateException(error);
    }
  }

  private static void fromJson(byte[] value, ObjectNode ride) throws IOException {
    JsonNode from = MAPPER.readTree(value);
    ride.put("vendor_id", from.get("VendorID").asText());
    ride.put("pickup_ms", epochMs(parse(from.get("tpep_pickup_datetime").textValue())));
    ride.put("dropoff_ms", epochMs(parse(from.get("tpep_dropoff_datetime").textValue())));
    ride.set("passenger_count", from.get("passenger_count"));
    ride.set("trip_distance", from.get("trip_distance"));
    ride.set("pu_location_id", from.get("PULocationID"));
    ride.set("do_location_id", from.get("DOLocationID"));
    ride.put("payment_type", from.get("payment_type").asText());
    ride.set("fare_amount", from.get("fare_amount"));
    ride.set("total_amount", from.get("total_amount"));
  }

  private void fromAvro(byte[] value, ObjectNode ride) throws IOException, InterruptedException {
    int schemaId = ByteBuffer.wrap(value).getInt(1);
    var reader = readers.get(schemaId);
    if (reader == null) readers.put(schemaId, reader = new GenericDatumReader<>(fetch(schemaId)));
    decoder = DecoderFactory.get().binaryDecoder(value, FRAME_BYTES, value.length - FRAME_BYTES, decoder);
    reused = reader.read(reused, decoder);
    ride.put("vendor_id", String.valueOf(reused.get("VendorID")));
    ride.put("pickup_ms", epochMs(ofMicros((Long) reused.get("tpep_pickup_datetime"))));
    ride.put("dropoff_ms", epochMs(ofMicros((Long) reused.get("tpep_dropoff_datetime"))));
    ride.put("passenger_count", (Integer) reused.get("passenger_count"));
    ride.put("trip_distance", (Double) reused.get("trip_distance"));
    ride.put("pu_location_id", (Integer) reused.get("PULocationID"));
    ride.put("do_location_id", (Integer) reused.get("DOLocationID"));
    ride.put("payment_type", String.valueOf(reused.get("payment_type")));
    ride.put("fare_amount", money((ByteBuffer) reused.get("fare_amount")));
    ride.put("total_amount", money((ByteBuffer) reused.get("total_amount")));
  }

  private static Schema fetch(int schemaId) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(System.getenv("REGISTRY_URL") + "/schemas/ids/" + schemaId)).build();
    var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    return new Schema.Parser().parse(MAPPER.readTree(answer.body()).get("schema").textValue());
  }

  private static String money(ByteBuffer bytes) {
    byte[] unscaled = new byte[bytes.remaining()];
    bytes.get(unscaled);
    return new BigDecimal(new BigInteger(unscaled), 2).toPlainString();
  }

  private static LocalDateTime ofMicros(long micros) {
    int nanos = (int) Math.floorMod(micros, 1_000_000L) * 1_000;
    return LocalDateTime.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), nanos, ZoneOffset.UTC);
  }

  /** A local time that the clocks showed twice, or never, is not an instant. */
  private static long epochMs(LocalDateTime local) {
    var offsets = NEW_YORK.getValidOffsets(local);
    if (offsets.size() != 1) throw new IllegalArgumentException("expected a time that New York's clocks showed once, got " + local);
    return local.toInstant(offsets.get(0)).toEpochMilli();
  }

  /** `2021-01-05 00:00:00`, always of this length. */
  private static LocalDateTime parse(String date) {
    return LocalDateTime.of(number(date, 0, 4), number(date, 5, 7), number(date, 8, 10), number(date, 11, 13),
        number(date, 14, 16), number(date, 17, 19));
  }

  private static int number(String text, int start, int end) {
    return Integer.parseInt(text, start, end, 10);
  }
}
