import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;

/** Runs each peer: settings from the environment, until SIGTERM. */
final class Peer {
  private Peer() {}

  static Properties settings() {
    var environment = System.getenv();
    var settings = new Properties();
    settings.put("bootstrap.servers", environment.get("KAFKA_BROKERS"));
    settings.put("application.id", environment.get("GROUP_ID"));
    settings.put("processing.guarantee", environment.get("GUARANTEE"));
    settings.put("state.dir", environment.get("STATE_DIR"));
    settings.put("num.stream.threads", environment.get("THREADS"));
    settings.put("commit.interval.ms", "100");
    settings.put("replication.factor", "1");
    settings.put("consumer.auto.offset.reset", "earliest");
    settings.put("consumer.max.poll.records", "10000");
    settings.put("consumer.max.partition.fetch.bytes", "4194304");
    settings.put("producer.batch.size", "262144");
    settings.put("producer.linger.ms", environment.get("LINGER_MS"));
    return settings;
  }

  static void run(Topology topology, Properties settings) throws InterruptedException {
    var streams = new KafkaStreams(topology, settings);
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      streams.close(java.time.Duration.ofSeconds(5));
      stopped.countDown();
    }));
    streams.start();
    stopped.await();
  }
}
