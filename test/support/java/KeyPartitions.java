import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.utils.Utils;

/** What the Java producer computes for keys. */
final class KeyPartitions {
  /** For each key (base64), the hash and the partition of "partitions" according to the producer. */
  static Object all(JsonNode request) throws IOException {
    int partitions = request.get("partitions").asInt();
    List<List<Integer>> results = new ArrayList<>();
    for (JsonNode key : request.get("keys")) {
      byte[] bytes = key.binaryValue();
      results.add(List.of(Utils.murmur2(bytes), BuiltInPartitioner.partitionForKey(bytes, partitions)));
    }
    return results;
  }
}
