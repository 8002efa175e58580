package dev.covey.examples.tour.measure;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** Histograms of nanoseconds, and their way from one process to another in a line of text. */
public final class Figures {
    public static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);
    public static final int DIGITS = 3;

    private Figures() {}

    public static Histogram histogram() {
        return new Histogram(LONGEST_NANOS, DIGITS);
    }

    public static long bounded(long nanos) {
        return Math.max(0, Math.min(nanos, LONGEST_NANOS));
    }

    public static String toText(Histogram histogram) {
        ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(bytes);
        return Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(bytes.array(), length));
    }

    public static Histogram fromText(String text) {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
        try {
            return Histogram.decodeFromCompressedByteBuffer(bytes, LONGEST_NANOS);
        } catch (DataFormatException malformed) {
            throw new IllegalArgumentException("not a histogram: " + text, malformed);
        }
    }

    public static double micros(Histogram histogram, double percentile) {
        return histogram.getValueAtPercentile(percentile) / 1_000.0;
    }
}
