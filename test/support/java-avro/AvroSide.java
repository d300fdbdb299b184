import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;

/**
 * Avro's own library, with a hand-written Confluent frame. Its argument is the schema. Each line of its input is a
 * value: a frame in hex, or Avro's JSON. For each value it prints the frame that it writes, one whose lists are in
 * blocks with their size, and the value as text, separated by tabs.
 */
public final class AvroSide {
  private static final int SCHEMA_ID = 7;

  private final Schema schema;
  private final DatumReader<Object> reader;
  private final DatumWriter<Object> writer;
  private final DatumReader<Object> jsonReader;
  private final DatumWriter<Object> jsonWriter;

  private AvroSide(Schema schema) {
    this.schema = schema;
    GenericData data = new GenericData();
    data.addLogicalTypeConversion(new Conversions.DecimalConversion());
    data.addLogicalTypeConversion(new TimeConversions.TimestampMicrosConversion());
    data.addLogicalTypeConversion(new TimeConversions.DateConversion());
    this.reader = new GenericDatumReader<>(schema, schema, data);
    this.writer = new GenericDatumWriter<>(schema, data);
    this.jsonReader = new GenericDatumReader<>(schema);
    this.jsonWriter = new GenericDatumWriter<>(schema);
  }

  private static Object readFrame(String hex, DatumReader<Object> reader) throws IOException {
    ByteBuffer frame = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    if (frame.get() != 0 || frame.getInt() != SCHEMA_ID) throw new IOException("expected a frame of " + SCHEMA_ID);
    BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(frame.array(), 5, frame.remaining(), null);
    Object value = reader.read(null, decoder);
    if (!decoder.isEnd()) throw new IOException("expected no bytes behind the value");
    return value;
  }

  private static String writeFrame(Object value, DatumWriter<Object> writer, boolean inBlocks) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(ByteBuffer.allocate(5).put((byte) 0).putInt(SCHEMA_ID).array());
    EncoderFactory factory = EncoderFactory.get();
    Encoder encoder = inBlocks ? factory.blockingBinaryEncoder(bytes, null) : factory.binaryEncoder(bytes, null);
    writer.write(value, encoder);
    encoder.flush();
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  private String answer(String line) throws IOException {
    if (line.startsWith("{")) {
      Decoder decoder = DecoderFactory.get().jsonDecoder(schema, line);
      Object value = jsonReader.read(null, decoder);
      return String.join("\t", writeFrame(value, jsonWriter, false), writeFrame(value, jsonWriter, true), value.toString());
    }
    Object value = readFrame(line, reader);
    return String.join("\t", writeFrame(value, writer, false), writeFrame(value, writer, true), value.toString());
  }

  public static void main(String[] arguments) throws IOException {
    AvroSide side = new AvroSide(new Schema.Parser().parse(arguments[0]));
    PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) output.println(side.answer(line));
    }
  }
}
