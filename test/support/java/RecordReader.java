import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads topics with the Java consumer, without a group: every partition from its start. */
final class RecordReader {
  private final Map<Long, CountDownLatch> following = new ConcurrentHashMap<>();

  private static KafkaConsumer<byte[], byte[]> connect(JsonNode request) {
    return new KafkaConsumer<>(
        Oracle.settings(
            request,
            Map.of(
                "isolation.level", request.path("isolation").asText("read_committed"),
                "enable.auto.commit", "false",
                "auto.offset.reset", "earliest",
                "allow.auto.create.topics", "false",
                "max.poll.records", "5000",
                "fetch.max.wait.ms", "100")),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  private static List<TopicPartition> assignAll(KafkaConsumer<byte[], byte[]> consumer, String topic) {
    List<TopicPartition> partitions = new ArrayList<>();
    consumer.partitionsFor(topic).forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    consumer.assign(partitions);
    return partitions;
  }

  /** Every record up to the current end: the last stable offset in read_committed, otherwise the high watermark. */
  Object read(JsonNode request, Oracle.Answers answers) throws Exception {
    try (KafkaConsumer<byte[], byte[]> consumer = connect(request)) {
      List<TopicPartition> partitions = assignAll(consumer, request.get("topic").asText());
      consumer.seekToBeginning(partitions);
      return readToEnd(consumer, partitions, answers);
    }
  }

  private static long readToEnd(
      KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions, Oracle.Answers answers) throws Exception {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    long count = 0;
    while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
        if (record.offset() >= ends.get(new TopicPartition(record.topic(), record.partition()))) continue;
        answers.record(encode(record));
        count += 1;
      }
    }
    return count;
  }

  /**
   * Every record as it arrives, until stopFollowing; then up to the end at that time. New partitions are not followed.
   */
  Object follow(JsonNode request, Oracle.Answers answers) throws Exception {
    CountDownLatch stop = following.computeIfAbsent(request.get("id").asLong(), id -> new CountDownLatch(1));
    try (KafkaConsumer<byte[], byte[]> consumer = connect(request)) {
      List<TopicPartition> partitions = assignAll(consumer, request.get("topic").asText());
      consumer.seekToBeginning(partitions);
      long count = 0;
      while (stop.getCount() > 0) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          answers.record(encode(record));
          count += 1;
        }
      }
      return count + readToEnd(consumer, partitions, answers);
    }
  }

  Object stopFollowing(JsonNode request) {
    following.computeIfAbsent(request.get("target").asLong(), id -> new CountDownLatch(1)).countDown();
    return true;
  }

  private static Object encode(ConsumerRecord<byte[], byte[]> record) {
    List<Object> headers = new ArrayList<>();
    for (Header header : record.headers()) {
      Map<String, Object> encoded = new LinkedHashMap<>();
      encoded.put("name", header.key());
      encoded.put("value", encode(header.value()));
      headers.add(encoded);
    }
    Map<String, Object> encoded = new LinkedHashMap<>();
    encoded.put("topic", record.topic());
    encoded.put("partition", record.partition());
    encoded.put("offset", String.valueOf(record.offset()));
    encoded.put("timestampMs", record.timestamp());
    encoded.put("key", encode(record.key()));
    encoded.put("value", encode(record.value()));
    encoded.put("headers", headers);
    return encoded;
  }

  private static String encode(byte[] bytes) {
    return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
  }
}
