import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * The Java side of the benchmark. It uses Kafka's own clients, to measure with other code than the measured one. Reads
 * one command per line (words separated by spaces) and answers each with a line of JSON.
 */
public final class Meter {
  private static final long LONGEST_DELETION_NANOS = 30_000_000_000L;

  private Meter() {}

  public static void main(String[] arguments) throws Exception {
    String bootstrap = arguments[0];
    var settings = new Properties();
    settings.put("bootstrap.servers", bootstrap);
    try (var admin = Admin.create(settings);
        var lines = new BufferedReader(new InputStreamReader(System.in))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ");
        try {
          System.out.println(answer(admin, bootstrap, words));
        } catch (Exception error) {
          System.out.println("{\"error\":\"" + (words[0] + ": " + error).replaceAll("[\"\\\\\\s]+", " ") + "\"}");
        }
      }
    }
  }

  private static String answer(Admin admin, String bootstrap, String[] words) throws Exception {
    return switch (words[0]) {
      case "create" -> create(admin, words);
      case "delete" -> delete(admin, words[1]);
      case "write" -> Writer.write(bootstrap, words);
      case "watch" -> Watch.watch(bootstrap, words);
      case "check" -> Check.check(bootstrap, words);
      case "csv" -> Check.csv(words);
      case "noaa-write" -> Noaa.write(bootstrap, words);
      case "noaa-count" -> Noaa.count(words);
      case "noaa-check" -> Noaa.check(bootstrap, words);
      case "connector-write" -> Connector.write(bootstrap, words);
      case "connector-check" -> Connector.check(bootstrap, words);
      case "rides-write" -> RidesCheck.write(bootstrap, words);
      case "rides-check" -> RidesCheck.check(bootstrap, words);
      case "windows-write" -> WindowsCheck.write(bootstrap, words);
      case "windows-count" -> WindowsCheck.count(words);
      case "windows-check" -> WindowsCheck.check(bootstrap, words);
      case "noaa-live" -> Live.readings(bootstrap, words);
      case "live" -> Live.live(bootstrap, words);
      default -> throw new IllegalArgumentException("expected a command, got " + words[0]);
    };
  }

  /** `create <topic> <partitions> <setting>=<value> …` */
  private static String create(Admin admin, String[] words) throws Exception {
    // Kept as long as the benchmark may take, whatever the records' timestamps.
    var configs = new HashMap<>(Map.of("retention.ms", "-1"));
    for (int at = 3; at < words.length; at++) configs.put(words[at].split("=")[0], words[at].split("=")[1]);
    var plan = new NewTopic(words[1], Integer.parseInt(words[2]), (short) 1).configs(configs);
    for (long deadline = System.nanoTime() + LONGEST_DELETION_NANOS;;) {
      try {
        admin.createTopics(List.of(plan)).all().get();
        return "{}";
      } catch (ExecutionException error) {
        // A topic with this name is still being deleted.
        if (!(error.getCause() instanceof TopicExistsException) || System.nanoTime() > deadline) throw error;
        Thread.sleep(200);
      }
    }
  }

  private static String delete(Admin admin, String names) throws Exception {
    var present = new ArrayList<>(admin.listTopics().names().get());
    present.retainAll(List.of(names.split(",")));
    admin.deleteTopics(present).all().get();
    return "{}";
  }
}
