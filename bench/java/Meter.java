import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * The Java side of the benchmark: Kafka's own clients, so that what is measured is not what measures. Reads a command
 * a line (words parted by spaces), answers a line of JSON each.
 */
public final class Meter {
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
      case "create" -> create(admin, words[1], Integer.parseInt(words[2]));
      case "delete" -> delete(admin, words[1]);
      case "write" -> Writer.write(bootstrap, words);
      case "watch" -> Watch.watch(bootstrap, words);
      case "check" -> Check.check(bootstrap, words);
      case "csv" -> Check.csv(words);
      case "live" -> Live.live(bootstrap, words);
      default -> throw new IllegalArgumentException("expected a command, got " + words[0]);
    };
  }

  private static String create(Admin admin, String topic, int partitions) throws Exception {
    // As long as the benchmark may take, whatever the record's timestamps.
    var plan = new NewTopic(topic, partitions, (short) 1).configs(Map.of("retention.ms", "-1"));
    admin.createTopics(List.of(plan)).all().get();
    return "{}";
  }

  private static String delete(Admin admin, String names) throws Exception {
    var present = new ArrayList<>(admin.listTopics().names().get());
    present.retainAll(List.of(names.split(",")));
    admin.deleteTopics(present).all().get();
    return "{}";
  }
}
