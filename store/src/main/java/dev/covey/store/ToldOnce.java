package dev.covey.store;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A log that says the same thing once: what is wrong with a file is met again by everybody who looks. For any thread. */
final class ToldOnce {
    /** What was told so long ago may be told again. */
    private static final int MOST_REMEMBERED = 4_096;

    private final System.Logger log;
    private final Set<String> told = Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST_REMEMBERED;
        }
    }));

    ToldOnce(System.Logger log) {
        this.log = log;
    }

    void warn(String text) {
        if (told.add(text)) {
            log.log(System.Logger.Level.WARNING, text);
        }
    }
}
