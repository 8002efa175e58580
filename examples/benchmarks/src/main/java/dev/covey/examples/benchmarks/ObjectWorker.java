package dev.covey.examples.benchmarks;

import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;

/** A process that updates its own objects in a store that it shares with others. */
public final class ObjectWorker {
    private static final int OBJECTS = 100;

    private ObjectWorker() {}

    /** Contender, directory, own number, milliseconds to warm up and to measure. Waits for a byte before each of the two. */
    public static void main(String[] arguments) throws Exception {
        long warmUp = Long.parseLong(arguments[3]);
        long millis = Long.parseLong(arguments[4]);
        String[] revisions = new String[OBJECTS];
        try (KeptObjects objects = KeptObjects.open(arguments[0], Path.of(arguments[1]))) {
            for (int i = 0; i < OBJECTS; i++) {
                revisions[i] = objects.create(id(arguments, i), KeptObjects.document(i));
            }
            SplittableRandom random = new SplittableRandom(1);
            Stopwatch.Step update = i -> {
                int which = random.nextInt(OBJECTS);
                revisions[which] = objects.update(id(arguments, which), KeptObjects.document(i), revisions[which]);
            };
            System.out.println("ready");
            System.in.read();
            Stopwatch.repeat(warmUp, Integer.MAX_VALUE, update);
            Stopwatch measured = Stopwatch.repeat(millis, Integer.MAX_VALUE, update);
            System.out.printf(
                    Locale.ROOT, "%.3f %.3f %.3f%n", measured.perSecond(), measured.micros(50), measured.micros(99));
        }
    }

    private static String id(String[] arguments, int number) {
        return "o" + arguments[2] + "-" + number;
    }
}
