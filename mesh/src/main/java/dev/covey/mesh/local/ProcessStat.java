package dev.covey.mesh.local;

/**
 * Two fields of a line of /proc/PID/stat. The command's name stands in parentheses and may hold anything, parentheses
 * too, so counting starts behind the last one.
 */
final class ProcessStat {
    private static final int FIELDS_FROM_STATE_TO_START = 19;

    private ProcessStat() {}

    /** The state's letter, or 0 when the line is not one. */
    static char state(byte[] line, int length) {
        int at = afterName(line, length);
        return at < length ? (char) line[at] : 0;
    }

    /** Field 22, or -1 when the line is not one. */
    static long startTicks(byte[] line, int length) {
        int at = afterName(line, length);
        for (int field = 0; field < FIELDS_FROM_STATE_TO_START && at < length; at++) {
            if (line[at] == ' ') {
                field++;
            }
        }
        long ticks = at < length ? 0 : -1;
        for (; at < length && line[at] >= '0' && line[at] <= '9'; at++) {
            ticks = ticks * 10 + (line[at] - '0');
        }
        return ticks;
    }

    private static int afterName(byte[] line, int length) {
        int at = length - 1;
        while (at >= 0 && line[at] != ')') {
            at--;
        }
        return at < 0 ? length : at + 2;
    }
}
