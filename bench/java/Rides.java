import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * The input of the benchmark `rides` and its expected outputs: ride `index` of a seed. All are in January, when no
 * clock changes.
 */
record Rides(long seed) {
  private static final long START_SECONDS = LocalDateTime.of(2021, 1, 5, 0, 0).toEpochSecond(ZoneOffset.UTC);
  private static final long NEW_YORK_SECONDS = 5 * 3_600;
  private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
  private static final int ZONES = 265;
  private static final int SURCHARGE_CENTS = 250;

  private long bits(long index) {
    return Logs.mix(seed, index);
  }

  private int number(long index, int shift, int below) {
    return (int) ((bits(index) >>> shift & 0xffff) % below);
  }

  int vendorOf(long index) {
    return 1 + number(index, 0, 2);
  }

  int pickupZoneOf(long index) {
    return 1 + number(index, 4, ZONES);
  }

  private int dropoffZoneOf(long index) {
    return 1 + number(index, 12, ZONES);
  }

  private int paymentOf(long index) {
    return 1 + number(index, 20, 2);
  }

  /** 0 means null. */
  private int passengersOf(long index) {
    return number(index, 22, 32) == 0 ? 0 : 1 + number(index, 27, 6);
  }

  private long pickupOf(long index) {
    return START_SECONDS + index;
  }

  private long dropoffOf(long index) {
    return pickupOf(index) + 180 + number(index, 30, 3_000);
  }

  private int hundredthsOf(long index) {
    return 30 + number(index, 33, 2_000);
  }

  private int fareOf(long index) {
    return 250 + 50 * number(index, 36, 100);
  }

  private int tipOf(long index) {
    return number(index, 40, 1_000);
  }

  private int totalOf(long index) {
    return fareOf(index) + tipOf(index) + 50 + 50 + 30 + SURCHARGE_CENTS;
  }

  byte[] json(long index) {
    int passengers = passengersOf(index);
    return bytes("{\"VendorID\":" + vendorOf(index) + ",\"tpep_pickup_datetime\":\"" + local(pickupOf(index))
        + "\",\"tpep_dropoff_datetime\":\"" + local(dropoffOf(index)) + "\",\"passenger_count\":"
        + (passengers == 0 ? "null" : passengers) + ",\"trip_distance\":" + decimal(hundredthsOf(index))
        + ",\"RatecodeID\":1,\"store_and_fwd_flag\":\"N\",\"PULocationID\":" + pickupZoneOf(index) + ",\"DOLocationID\":"
        + dropoffZoneOf(index) + ",\"payment_type\":" + paymentOf(index) + ",\"fare_amount\":\"" + money(fareOf(index))
        + "\",\"extra\":\"0.50\",\"mta_tax\":\"0.50\",\"tip_amount\":\"" + money(tipOf(index))
        + "\",\"tolls_amount\":\"0.00\",\"improvement_surcharge\":\"0.30\",\"total_amount\":\"" + money(totalOf(index))
        + "\",\"congestion_surcharge\":\"" + money(SURCHARGE_CENTS) + "\"}");
  }

  /** In Confluent's frame; the fields are in the order of bench/peers/rides.avsc. */
  byte[] avro(long index, int schemaId) {
    var out = new ByteArrayOutputStream(96);
    out.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(schemaId).array());
    number(out, vendorOf(index));
    number(out, pickupOf(index) * 1_000_000);
    number(out, dropoffOf(index) * 1_000_000);
    int passengers = passengersOf(index);
    number(out, passengers == 0 ? 0 : 1);
    if (passengers != 0) number(out, passengers);
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(hundredthsOf(index) / 100.0).array());
    number(out, 1);
    number(out, 1);
    number(out, 1);
    number(out, 1);
    out.write('N');
    number(out, pickupZoneOf(index));
    number(out, dropoffZoneOf(index));
    number(out, paymentOf(index));
    for (int cents : new int[] {fareOf(index), 50, 50, tipOf(index), 0, 30, totalOf(index)}) cents(out, cents);
    number(out, 1);
    cents(out, SURCHARGE_CENTS);
    return out.toByteArray();
  }

  /** `ride`: the position of the input. */
  String converted(long index, String ride) {
    int passengers = passengersOf(index);
    return "{\"ride\":\"" + ride + "\",\"vendor_id\":\"" + vendorOf(index) + "\",\"pickup_ms\":" + epochMs(pickupOf(index))
        + ",\"dropoff_ms\":" + epochMs(dropoffOf(index)) + ",\"passenger_count\":" + (passengers == 0 ? "null" : passengers)
        + ",\"trip_distance\":" + decimal(hundredthsOf(index)) + ",\"pu_location_id\":" + pickupZoneOf(index)
        + ",\"do_location_id\":" + dropoffZoneOf(index) + ",\"payment_type\":\"" + paymentOf(index) + "\",\"fare_amount\":\""
        + money(fareOf(index)) + "\",\"total_amount\":\"" + money(totalOf(index)) + "\"}";
  }

  private static long epochMs(long localSeconds) {
    return (localSeconds + NEW_YORK_SECONDS) * 1_000;
  }

  private static String local(long seconds) {
    return LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC).format(LOCAL);
  }

  private static String money(int cents) {
    return cents / 100 + "." + (cents % 100 < 10 ? "0" : "") + cents % 100;
  }

  /** The format of JavaScript. */
  private static String decimal(int hundredths) {
    if (hundredths % 100 == 0) return Integer.toString(hundredths / 100);
    return hundredths % 10 == 0 ? hundredths / 100 + "." + hundredths / 10 % 10 : money(hundredths);
  }

  private static void cents(ByteArrayOutputStream out, int cents) {
    byte[] unscaled = BigInteger.valueOf(cents).toByteArray();
    number(out, unscaled.length);
    out.writeBytes(unscaled);
  }

  /** Avro's int and long: zigzag, seven bits per byte. */
  private static void number(ByteArrayOutputStream out, long value) {
    long left = value << 1 ^ value >> 63;
    for (; (left & ~0x7fL) != 0; left >>>= 7) out.write((int) (left & 0x7f | 0x80));
    out.write((int) left);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
