import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;

/** The cluster's own view: offsets, groups, open transactions; and topics created, grown and deleted. */
final class Cluster {
  private static final long LEADERS_DEADLINE_NANOS = 20_000_000_000L;

  private final Map<String, Admin> admins = new ConcurrentHashMap<>();

  private Admin connect(JsonNode request) {
    return admins.computeIfAbsent(
        request.get("bootstrap").asText() + request.path("settings"),
        key -> Admin.create(Oracle.settings(request, Map.of("default.api.timeout.ms", "30000"))));
  }

  private static List<TopicPartition> partitionsOf(Admin admin, String topic) throws Exception {
    List<TopicPartition> partitions = new ArrayList<>();
    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions()
        .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    return partitions;
  }

  private static Map<TopicPartition, ListOffsetsResultInfo> list(
      Admin admin, List<TopicPartition> partitions, OffsetSpec spec, IsolationLevel isolation) throws Exception {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    partitions.forEach(partition -> wanted.put(partition, spec));
    return admin.listOffsets(wanted, new ListOffsetsOptions(isolation)).all().get();
  }

  Object offsets(JsonNode request) throws Exception {
    Admin admin = connect(request);
    List<TopicPartition> partitions = partitionsOf(admin, request.get("topic").asText());
    var earliest = list(admin, partitions, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
    var stable = list(admin, partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
    var high = list(admin, partitions, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
    List<Object> result = new ArrayList<>();
    for (TopicPartition partition : partitions) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("partition", partition.partition());
      row.put("earliest", String.valueOf(earliest.get(partition).offset()));
      row.put("lastStable", String.valueOf(stable.get(partition).offset()));
      row.put("highWatermark", String.valueOf(high.get(partition).offset()));
      result.add(row);
    }
    return result;
  }

  Object groupOffsets(JsonNode request) throws Exception {
    List<Object> result = new ArrayList<>();
    connect(request).listConsumerGroupOffsets(request.get("group").asText()).partitionsToOffsetAndMetadata().get()
        .forEach((partition, committed) -> {
          if (committed == null) return;
          result.add(Map.of(
              "topic", partition.topic(), "partition", partition.partition(), "offset", String.valueOf(committed.offset())));
        });
    return result;
  }

  Object openTransactions(JsonNode request) throws Exception {
    Admin admin = connect(request);
    List<Object> result = new ArrayList<>();
    admin.describeProducers(partitionsOf(admin, request.get("topic").asText())).all().get()
        .forEach((partition, state) -> state.activeProducers().forEach(producer -> {
          if (producer.currentTransactionStartOffset().isEmpty()) return;
          result.add(Map.of(
              "partition", partition.partition(),
              "producerId", String.valueOf(producer.producerId()),
              "epoch", producer.producerEpoch(),
              "startOffset", String.valueOf(producer.currentTransactionStartOffset().getAsLong())));
        }));
    return result;
  }

  Object transactionalIds(JsonNode request) throws Exception {
    List<Object> result = new ArrayList<>();
    connect(request).listTransactions().all().get().forEach(listing -> result.add(listing.transactionalId()));
    return result;
  }

  Object createTopics(JsonNode request) throws Exception {
    List<NewTopic> topics = new ArrayList<>();
    for (JsonNode topic : request.get("topics")) {
      Map<String, String> settings = new HashMap<>();
      topic.path("settings").fields().forEachRemaining(entry -> settings.put(entry.getKey(), entry.getValue().asText()));
      topics.add(new NewTopic(topic.get("name").asText(), topic.get("partitionCount").asInt(), (short) 1).configs(settings));
    }
    Admin admin = connect(request);
    admin.createTopics(topics).all().get();
    for (NewTopic topic : topics) awaitLeaders(admin, topic.name(), topic.numPartitions());
    return true;
  }

  /**
   * With KRaft, a topic exists a moment before its broker knows that it leads it. If a producer has several requests in
   * flight, the broker could refuse the first ones and accept a later one, and the first ones would never be accepted
   * after that. A recreated topic may also be unknown for a moment: this must not fail a call that has created it.
   */
  private static void awaitLeaders(Admin admin, String topic, int partitionCount) throws Exception {
    List<TopicPartition> partitions = new ArrayList<>();
    for (int partition = 0; partition < partitionCount; partition++) partitions.add(new TopicPartition(topic, partition));
    for (long deadlineNanos = System.nanoTime() + LEADERS_DEADLINE_NANOS; ; Thread.sleep(20)) {
      try {
        list(admin, partitions, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
        return;
      } catch (ExecutionException error) {
        if (!(error.getCause() instanceof RetriableException) || System.nanoTime() > deadlineNanos) throw error;
      }
    }
  }

  Object growTopic(JsonNode request) throws Exception {
    String topic = request.get("topic").asText();
    int partitionCount = request.get("partitionCount").asInt();
    Admin admin = connect(request);
    admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitionCount))).all().get();
    awaitLeaders(admin, topic, partitionCount);
    return true;
  }

  Object deleteTopic(JsonNode request) throws Exception {
    connect(request).deleteTopics(List.of(request.get("topic").asText())).all().get();
    return true;
  }

  /** Moves a partition's start, as retention does. */
  Object deleteRecords(JsonNode request) throws Exception {
    TopicPartition partition = new TopicPartition(request.get("topic").asText(), request.get("partition").asInt());
    RecordsToDelete before = RecordsToDelete.beforeOffset(request.get("before").asLong());
    connect(request).deleteRecords(Map.of(partition, before)).all().get();
    return true;
  }
}
