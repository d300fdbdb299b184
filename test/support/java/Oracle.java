import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The official Kafka client behind a line protocol. An input line is {"id": n, "command": "...", ...}. Output lines
 * have the same id: any number of {"id", "record"}, then one {"id", "result"} or {"id", "error"}. Ends when standard
 * input ends.
 */
public final class Oracle {
  static final ObjectMapper JSON = new ObjectMapper();

  /** Answers to one command. */
  interface Answers {
    void record(Object record) throws Exception;
  }

  private final PrintStream out =
      new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), false, StandardCharsets.UTF_8);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final RecordReader reader = new RecordReader();
  private final RecordWriter writer = new RecordWriter();
  private final Cluster cluster = new Cluster();

  public static void main(String[] arguments) throws Exception {
    Oracle oracle = new Oracle();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonNode request = JSON.readTree(line);
      oracle.threads.submit(() -> oracle.answer(request));
    }
    System.exit(0);
  }

  private void answer(JsonNode request) {
    long id = request.get("id").asLong();
    try {
      Object result = run(request, record -> send(id, "record", record));
      send(id, "result", result);
      out.flush();
    } catch (Throwable failure) {
      send(id, "error", String.valueOf(failure));
      out.flush();
    }
  }

  private void send(long id, String name, Object value) {
    Map<String, Object> line = new HashMap<>();
    line.put("id", id);
    line.put(name, value);
    try {
      String text = JSON.writeValueAsString(line);
      synchronized (out) {
        out.println(text);
      }
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  private Object run(JsonNode request, Answers answers) throws Exception {
    String command = request.get("command").asText();
    switch (command) {
      case "read":
        return reader.read(request, answers);
      case "follow":
        return reader.follow(request, record -> {
          answers.record(record);
          out.flush();
        });
      case "stopFollowing":
        return reader.stopFollowing(request);
      case "write":
        return writer.write(request);
      case "endTransaction":
        return writer.endTransaction(request);
      case "offsets":
        return cluster.offsets(request);
      case "groupOffsets":
        return cluster.groupOffsets(request);
      case "openTransactions":
        return cluster.openTransactions(request);
      case "transactionalIds":
        return cluster.transactionalIds(request);
      case "createTopics":
        return cluster.createTopics(request);
      case "growTopic":
        return cluster.growTopic(request);
      case "deleteTopic":
        return cluster.deleteTopic(request);
      case "deleteRecords":
        return cluster.deleteRecords(request);
      case "eventTimes":
        return EventTime.all(request);
      case "keyPartitions":
        return KeyPartitions.all(request);
      default:
        throw new IllegalArgumentException("Expected a command of the oracle, got " + command);
    }
  }

  /** The client settings of a request: its bootstrap address, overridden by its own "settings". */
  static Map<String, Object> settings(JsonNode request, Map<String, Object> defaults) {
    Map<String, Object> settings = new HashMap<>(defaults);
    settings.put("bootstrap.servers", request.get("bootstrap").asText());
    request.path("settings").fields().forEachRemaining(entry -> settings.put(entry.getKey(), entry.getValue().asText()));
    return settings;
  }
}
