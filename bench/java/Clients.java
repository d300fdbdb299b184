import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Kafka's own clients, configured for measuring: they read what is committed, and read and write large amounts at once.
 */
final class Clients {
  private Clients() {}

  static KafkaConsumer<byte[], byte[]> consumer(String bootstrap, Map<String, String> more) {
    var settings = new Properties();
    settings.put("bootstrap.servers", bootstrap);
    settings.put("isolation.level", "read_committed");
    settings.put("auto.offset.reset", "earliest");
    settings.put("enable.auto.commit", "false");
    settings.put("fetch.max.wait.ms", "100");
    settings.put("max.partition.fetch.bytes", "4194304");
    settings.put("max.poll.records", "10000");
    settings.putAll(more);
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  static KafkaProducer<byte[], byte[]> producer(String bootstrap, Map<String, String> more) {
    var settings = new Properties();
    settings.put("bootstrap.servers", bootstrap);
    settings.put("acks", "all");
    settings.put("enable.idempotence", "true");
    settings.putAll(more);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Everything that is committed, one partition after the other. */
  static void readAll(String bootstrap, String topic, Consumer<ConsumerRecord<byte[], byte[]>> take) {
    try (var consumer = consumer(bootstrap, Map.of())) {
      var partitions = partitions(consumer, topic);
      var ends = consumer.endOffsets(partitions);
      for (var partition : partitions) {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        while (consumer.position(partition) < ends.get(partition)) consumer.poll(Duration.ofMillis(200)).forEach(take);
      }
    }
  }

  static int countPartitions(String bootstrap, String topic) {
    try (var consumer = consumer(bootstrap, Map.of())) {
      return partitions(consumer, topic).size();
    }
  }

  static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, String topic) {
    var partitions = new ArrayList<TopicPartition>();
    consumer.partitionsFor(topic).forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    partitions.sort((one, other) -> Integer.compare(one.partition(), other.partition()));
    return partitions;
  }
}
