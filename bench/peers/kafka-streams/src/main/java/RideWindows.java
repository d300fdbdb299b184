import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Suppressed;
import org.apache.kafka.streams.kstream.Suppressed.BufferConfig;
import org.apache.kafka.streams.kstream.TimeWindows;

/**
 * The windows of ride-windows.sql with Kafka Streams: Jackson's streaming parser, only the necessary fields, each
 * window written once it is over. The rides of a location are in one partition, for which 5 s of grace suffice. A
 * vendor's rides come from four partitions, which Kafka Streams does not synchronize in time: these windows wait for
 * four hours of event time.
 */
public final class RideWindows {
  private static final JsonFactory JSON = new JsonFactory();

  private record Ride(String vendor, long pickupMs) {}

  private RideWindows() {}

  public static void main(String[] arguments) throws InterruptedException {
    var bytes = Serdes.ByteArray();
    Serde<Ride> ride = Serdes.serdeFrom(
        (topic, value) -> { throw new IllegalStateException("expected rides to be read, never written"); },
        (topic, value) -> parse(value));
    var builder = new StreamsBuilder();
    var rides = builder.stream("rides", Consumed.with(bytes, ride)
        .withTimestampExtractor((record, partitionTime) -> ((Ride) record.value()).pickupMs()));
    var none = new byte[0];
    write(rides.mapValues(value -> none).groupByKey(Grouped.with(bytes, bytes)),
        TimeWindows.ofSizeAndGrace(Duration.ofSeconds(10), Duration.ofSeconds(5)),
        "rides_pulocation_window_count", "\"pu_location_id\":", "");
    write(rides.map((key, value) -> KeyValue.pair(value.vendor().getBytes(StandardCharsets.UTF_8), none))
            .groupByKey(Grouped.with(bytes, bytes)),
        TimeWindows.ofSizeAndGrace(Duration.ofMinutes(10), Duration.ofHours(4)).advanceBy(Duration.ofMinutes(5)),
        "vendor_counts_windowed", "\"vendor_id\":", "\"");
    Peer.run(builder.build(), Peer.settings());
  }

  private static void write(KGroupedStream<byte[], byte[]> rides, TimeWindows windows, String topic, String name, String quote) {
    rides.windowedBy(windows).count()
        .suppress(Suppressed.untilWindowCloses(BufferConfig.unbounded()))
        .toStream()
        .map((window, count) -> {
          String key = new String(window.key(), StandardCharsets.UTF_8);
          String row = "{\"window_start\":" + window.window().start() + ",\"window_end\":" + window.window().end() + ","
              + name + quote + key + quote + ",\"rides\":" + count + "}";
          return KeyValue.pair(window.key(), row.getBytes(StandardCharsets.UTF_8));
        })
        .to(topic, Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));
  }

  private static Ride parse(byte[] value) {
    try (var parser = JSON.createParser(value)) {
      String vendor = "";
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        if (name.equals("vendor_id")) vendor = parser.getText();
        // It comes after the vendor: nothing more is needed.
        if (name.equals("pickup_ms")) return new Ride(vendor, parser.getLongValue());
      }
      throw new IllegalArgumentException("expected a ride with pickup_ms, got none");
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }
}
