package dev.covey.mesh.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Processes whose clocks since boot count from another instant. Asks for root, and a system that allows it. */
final class TimeNamespace {
    private TimeNamespace() {}

    /** What stands before a command so that its clocks since boot are so far ahead of everybody else's. */
    static List<String> ahead(long seconds) {
        return seconds == 0
                ? List.of()
                : List.of(
                        "unshare",
                        "--time",
                        "--monotonic",
                        Long.toString(seconds),
                        "--boottime",
                        Long.toString(seconds));
    }

    static boolean isAllowed() {
        List<String> command = new ArrayList<>(ahead(1));
        command.add("true");
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException notInstalled) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
