package dev.covey.examples.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** The object store, the journal and the checkpointer, and those who do the like, all in one run on one disk. */
final class StoreRows implements Rows {
    @Override
    public String name() {
        return "store";
    }

    @Override
    public List<Row> measure(boolean quick) throws Exception {
        List<Row> rows = new ArrayList<>();
        try (WorkDirectory directory = WorkDirectory.make("store")) {
            rows.addAll(ObjectRows.measure(directory, quick));
            rows.addAll(ProcessRows.measure(directory, quick));
            rows.addAll(CommitRows.measure(directory, quick));
            rows.addAll(AcceptedRows.measure(directory, quick));
        }
        return rows;
    }
}
