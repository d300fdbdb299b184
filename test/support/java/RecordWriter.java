import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes arbitrary bytes with the Java producer: acks=all, idempotent, and transactional if a transactionalId is given.
 */
final class RecordWriter {
  private final Map<String, KafkaProducer<byte[], byte[]>> producers = new ConcurrentHashMap<>();
  private final Set<String> open = ConcurrentHashMap.newKeySet();

  private static String keyOf(JsonNode request) {
    return request.get("bootstrap").asText() + " " + request.path("transactionalId").asText() + " " + request.path("settings");
  }

  private KafkaProducer<byte[], byte[]> connect(JsonNode request) {
    return producers.computeIfAbsent(keyOf(request), key -> {
      Map<String, Object> defaults = new LinkedHashMap<>();
      defaults.put("acks", "all");
      defaults.put("enable.idempotence", "true");
      defaults.put("linger.ms", "5");
      defaults.put("max.request.size", "100000000");
      if (request.has("transactionalId")) defaults.put("transactional.id", request.get("transactionalId").asText());
      KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
          Oracle.settings(request, defaults), new ByteArraySerializer(), new ByteArraySerializer());
      if (request.has("transactionalId")) producer.initTransactions();
      return producer;
    });
  }

  /** One answer per record, in order: {"partition", "offset"} if acknowledged, otherwise {"error"}. */
  Object write(JsonNode request) throws Exception {
    KafkaProducer<byte[], byte[]> producer = connect(request);
    if (request.has("transactionalId") && open.add(keyOf(request))) producer.beginTransaction();
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (JsonNode record : request.get("records")) sent.add(producer.send(decode(record)));
    producer.flush();
    List<Object> answers = new ArrayList<>();
    for (Future<RecordMetadata> future : sent) answers.add(outcome(future));
    return answers;
  }

  private static Object outcome(Future<RecordMetadata> future) throws InterruptedException {
    try {
      RecordMetadata metadata = future.get();
      return Map.of("partition", metadata.partition(), "offset", String.valueOf(metadata.offset()));
    } catch (ExecutionException failure) {
      return Map.of("error", String.valueOf(failure.getCause()));
    }
  }

  Object endTransaction(JsonNode request) {
    KafkaProducer<byte[], byte[]> producer = connect(request);
    if (!open.remove(keyOf(request))) throw new IllegalStateException("Expected an open transaction, got none of this id");
    if (request.get("commit").asBoolean()) producer.commitTransaction();
    else producer.abortTransaction();
    return true;
  }

  private static ProducerRecord<byte[], byte[]> decode(JsonNode record) {
    ProducerRecord<byte[], byte[]> decoded = new ProducerRecord<>(
        record.get("topic").asText(),
        record.hasNonNull("partition") ? record.get("partition").asInt() : null,
        record.hasNonNull("timestampMs") ? record.get("timestampMs").asLong() : null,
        bytes(record.get("key")),
        bytes(record.get("value")));
    for (JsonNode header : record.path("headers")) decoded.headers().add(header.get("name").asText(), bytes(header.get("value")));
    return decoded;
  }

  private static byte[] bytes(JsonNode node) {
    return node == null || node.isNull() ? null : Base64.getDecoder().decode(node.asText());
  }
}
