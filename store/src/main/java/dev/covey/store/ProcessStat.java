package dev.covey.store;

/**
 * Three fields of a line of /proc/PID/stat. The command's name stands in parentheses and may hold anything, parentheses too,
 * so counting starts behind the last one, at the state, field 3.
 */
final class ProcessStat {
    private static final int STATE = 3;
    private static final int FLAGS = 9;
    private static final int START = 22;

    /** The kernel's PF_EXITING: set before it frees the memory, which may take longer than anybody wants to wait. */
    private static final long EXITING = 0x4;

    private ProcessStat() {}

    /** Whether the process will never run again: a zombie, gone, or on its way. */
    static boolean isEnding(byte[] line, int length) {
        int at = afterName(line, length);
        boolean ended = at < length && (line[at] == 'Z' || line[at] == 'X');
        return ended || (number(line, length, FLAGS) & EXITING) != 0;
    }

    /** When it started, in clock ticks after boot, or 0 when the line does not say. */
    static long startTicks(byte[] line, int length) {
        return number(line, length, START);
    }

    private static long number(byte[] line, int length, int wanted) {
        int at = afterName(line, length);
        for (int field = STATE; field < wanted && at < length; at++) {
            if (line[at] == ' ') {
                field++;
            }
        }
        long value = 0;
        for (; at < length && line[at] >= '0' && line[at] <= '9'; at++) {
            value = value * 10 + (line[at] - '0');
        }
        return value;
    }

    private static int afterName(byte[] line, int length) {
        int at = length - 1;
        while (at >= 0 && line[at] != ')') {
            at--;
        }
        return at < 0 ? length : at + 2;
    }
}
