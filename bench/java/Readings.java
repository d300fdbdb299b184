import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The input of the benchmark `noaa` and its expected outputs: reading `index` of a seed, station by station, day by
 * day.
 */
final class Readings {
  /** The only rule of pipelines/noaa/alerts.json. */
  static final String FARM_STATION = "USW00003192";

  private static final int COLDEST_TENTHS = -300;
  private static final int WARMEST_TENTHS = 400;
  private static final int ALERT_TENTHS = 100;
  private static final LocalDate FIRST_DAY = LocalDate.of(2016, 1, 1);

  private record Station(String id, String json, boolean isOfArizona) {}

  private final long seed;
  private final List<Station> stations = new ArrayList<>();
  private final Map<String, Integer> placeOfStation = new HashMap<>();
  private String lastDate = "";
  private long lastDay = -1;

  /** `file`: pipelines/noaa/stations.jsonl, whose lines are in the format of JSON.stringify. */
  Readings(long seed, Path file) throws IOException {
    this.seed = seed;
    var mapper = new ObjectMapper();
    for (String line : Files.readAllLines(file)) {
      if (line.isBlank()) continue;
      var station = mapper.readTree(line);
      boolean isOfArizona = station.path("country_code").asText().equals("US") && station.path("state_code").asText().equals("AZ");
      placeOfStation.put(station.get("id").asText(), stations.size());
      stations.add(new Station(station.get("id").asText(), line, isOfArizona));
    }
  }

  String stationOf(long index) {
    return at(index).id();
  }

  boolean isOfArizona(long index) {
    return at(index).isOfArizona();
  }

  boolean raisesAlert(long index) {
    return stationOf(index).equals(FARM_STATION) && hasMinimum(index) && minimumOf(index) <= ALERT_TENTHS;
  }

  /** The index of the reading for this station and date, or -1 if there is none. */
  long indexOf(String station, String date) {
    Integer place = placeOfStation.get(station);
    if (place == null || date.length() != 19) return -1;
    long day = LocalDate.parse(date.substring(0, 10)).toEpochDay() - FIRST_DAY.toEpochDay();
    return day * stations.size() + place;
  }

  byte[] flat(long index) {
    return bytes("{\"station_id\":\"" + stationOf(index) + "\",\"date\":\"" + dateOf(index) + "\"" + elementsOf(index) + "}");
  }

  /** A reading that is cold enough at the farm for an alert, dated with the time of its creation. */
  static byte[] cold(long micros) {
    return bytes("{\"station_id\":\"" + FARM_STATION + "\",\"date\":\"" + micros + "\",\"PRCP\":0,\"TMAX\":12.4,\"TMIN\":1.5}");
  }

  String reading(long index) {
    return "{\"station\":" + at(index).json() + ",\"date\":\"" + dateOf(index) + "\"" + elementsOf(index) + "}";
  }

  String alert(long index) {
    String reading = reading(index);
    return reading.substring(0, reading.length() - 1) + ",\"email\":\"farm@example.com\"}";
  }

  private Station at(long index) {
    return stations.get((int) (index % stations.size()));
  }

  private String dateOf(long index) {
    long day = index / stations.size();
    if (day != lastDay) lastDate = FIRST_DAY.plusDays(day) + "T00:00:00";
    lastDay = day;
    return lastDate;
  }

  private String elementsOf(long index) {
    var text = new StringBuilder(64);
    long bits = Logs.mix(seed, index);
    if ((bits & 7) < 5) tenths(text.append(",\"AWND\":"), 10 + (int) (bits >>> 8 & 63));
    text.append(",\"PRCP\":");
    if ((bits >>> 16 & 63) == 0) text.append("null");
    else tenths(text, (bits >>> 24 & 3) == 0 ? (int) (bits >>> 26 & 255) : 0);
    tenths(text.append(",\"TMAX\":"), minimumOf(index) + 40 + (int) (bits >>> 34 & 63));
    if (hasMinimum(index)) tenths(text.append(",\"TMIN\":"), minimumOf(index));
    return text.toString();
  }

  private boolean hasMinimum(long index) {
    return (Logs.mix(seed, index) >>> 3 & 31) != 0;
  }

  private int minimumOf(long index) {
    return COLDEST_TENTHS + (int) ((Logs.mix(seed, index) >>> 40 & 0xffff) % (WARMEST_TENTHS - COLDEST_TENTHS));
  }

  /** The format of JavaScript: 0, -0.5, 12, 12.3. */
  private static void tenths(StringBuilder text, int tenths) {
    if (tenths < 0) text.append('-');
    int size = Math.abs(tenths);
    text.append(size / 10);
    if (size % 10 != 0) text.append('.').append(size % 10);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
