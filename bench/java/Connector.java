import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The benchmark `connector`: `connector-write <topic> <rows> <rowsAnUpdate> <bytesARow>` writes a CSV header, then the
 * rows 0, 1, …, with a second column that fills them up to this many bytes, and a COMMIT after each update.
 * `connector-check <values|updates> <topic> <rows> <rowsAnUpdate>` compares everything that is committed with them, in
 * order.
 */
final class Connector {
  private final boolean isOfUpdates;
  private final int rows;
  private final int rowsAnUpdate;
  private int records;
  private int wrong;

  private Connector(String[] words) {
    isOfUpdates = words[1].equals("updates");
    rows = Integer.parseInt(words[3]);
    rowsAnUpdate = Integer.parseInt(words[4]);
  }

  static String write(String bootstrap, String[] words) {
    int rows = Integer.parseInt(words[2]);
    int rowsAnUpdate = Integer.parseInt(words[3]);
    int bytesARow = Integer.parseInt(words[4]);
    var large = Map.of("linger.ms", "20", "batch.size", "262144", "buffer.memory", "67108864");
    try (var producer = Clients.producer(bootstrap, large)) {
      String header = bytesARow > 0 ? "value,filler" : "value";
      producer.send(new ProducerRecord<>(words[1], 0, null, bytes(header)));
      for (int row = 0; row < rows; row++) {
        String text = Integer.toString(row);
        if (bytesARow > 0) text += "," + "x".repeat(bytesARow - text.length() - 1);
        producer.send(new ProducerRecord<>(words[1], 0, null, bytes(text)));
        if ((row + 1) % rowsAnUpdate == 0) producer.send(new ProducerRecord<>(words[1], 0, null, bytes("*COMMIT*")));
      }
      producer.flush();
    }
    return "{\"written\":" + rows + "}";
  }

  static String check(String bootstrap, String[] words) {
    var check = new Connector(words);
    Clients.readAll(bootstrap, words[2], check::take);
    int due = check.isOfUpdates ? check.rows / check.rowsAnUpdate : check.rows;
    return "{\"count\":" + check.records + ",\"lost\":" + Math.max(0, due - check.records) + ",\"twice\":"
        + Math.max(0, check.records - due) + ",\"disordered\":0,\"wrong\":" + check.wrong + ",\"ends\":[]}";
  }

  /** Records are in the input's order: after a lost, repeated or misplaced record, all later ones count as wrong. */
  private void take(ConsumerRecord<byte[], byte[]> record) {
    String text = new String(record.value(), StandardCharsets.UTF_8);
    boolean isRight = isOfUpdates ? text.equals(update(records)) : isValue(text, records);
    if (!isRight || record.headers().lastHeader("source") == null) wrong++;
    records++;
  }

  private static boolean isValue(String text, int row) {
    return text.startsWith("{\"value\":" + row + ",\"time\":") && text.endsWith(",\"diff\":1}");
  }

  private String update(int index) {
    var text = new StringBuilder(rowsAnUpdate * 18 + 40).append("{\"commit\":").append(index + 1).append(",\"rows\":[");
    int first = index * rowsAnUpdate;
    for (int row = first; row < first + rowsAnUpdate; row++) text.append(row == first ? "" : ",").append("{\"value\":").append(row).append('}');
    return text.append("]}").toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
