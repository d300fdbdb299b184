package org.apache.kafka.common.utils;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Replaces Kafka's class of the same name, from which all of a broker gets the time: the machine's wall clock plus the
 * milliseconds in the file of the system property broker.clock.file, eight bytes that a test may change at any moment.
 * The monotonic clock remains the machine's.
 */
class SystemTime implements Time {
    private static final SystemTime SYSTEM_TIME = new SystemTime();

    private final MappedByteBuffer offsetMs;

    private SystemTime() {
        Path file = Path.of(System.getProperty("broker.clock.file"));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            offsetMs = channel.map(FileChannel.MapMode.READ_ONLY, 0, Long.BYTES);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    public static SystemTime getSystemTime() {
        return SYSTEM_TIME;
    }

    @Override
    public long milliseconds() {
        return System.currentTimeMillis() + offsetMs.getLong(0);
    }

    @Override
    public long nanoseconds() {
        return System.nanoTime();
    }

    @Override
    public void sleep(long ms) {
        Utils.sleep(ms);
    }

    @Override
    public void waitObject(Object object, Supplier<Boolean> condition, long deadlineMs) throws InterruptedException {
        synchronized (object) {
            while (!condition.get()) {
                long remainingMs = deadlineMs - milliseconds();
                if (remainingMs <= 0) throw new TimeoutException("Condition not satisfied before deadline");
                TimeUnit.MILLISECONDS.timedWait(object, remainingMs);
            }
        }
    }
}
