package dev.covey.examples.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** One process creates, gets and updates objects. */
final class ObjectRows {
    private static final List<String> CONTENDERS = List.of(
            "covey OS", "sqlite OFF", "sqlite NORMAL", "mvstore commit", "covey FSYNC", "sqlite FULL", "mvstore sync");
    private static final int MOST_OBJECTS = 20_000;
    private static final int WARM_UP = 2_000;

    private ObjectRows() {}

    static List<Row> measure(WorkDirectory directory, boolean quick) throws Exception {
        List<Row> rows = new ArrayList<>();
        for (String contender : CONTENDERS) {
            try (KeptObjects objects = KeptObjects.open(contender, directory.fresh("objects"))) {
                rows.addAll(measure(objects, contender, quick ? 300 : 3_000));
            }
        }
        return rows;
    }

    private static List<Row> measure(KeptObjects objects, String contender, long millis) throws Exception {
        String[] revisions = new String[MOST_OBJECTS];
        Stopwatch.repeat(
                millis, WARM_UP, i -> objects.update("w" + i, KeptObjects.document(i), warm(objects, "w" + i, i)));
        Stopwatch create = Stopwatch.repeat(
                millis, MOST_OBJECTS, i -> revisions[i] = objects.create("o" + i, KeptObjects.document(i)));
        SplittableRandom random = new SplittableRandom(1);
        Stopwatch get =
                Stopwatch.repeat(millis, Integer.MAX_VALUE, i -> objects.get("o" + random.nextInt(create.count())));
        Stopwatch update = Stopwatch.repeat(millis, Integer.MAX_VALUE, i -> {
            int which = random.nextInt(create.count());
            revisions[which] = objects.update("o" + which, KeptObjects.document(i), revisions[which]);
        });
        return List.of(
                create.row("create an object", contender),
                get.row("get an object", contender),
                update.row("update an object", contender));
    }

    private static String warm(KeptObjects objects, String id, int number) throws Exception {
        String made = objects.create(id, KeptObjects.document(number));
        objects.get(id);
        return made;
    }
}
