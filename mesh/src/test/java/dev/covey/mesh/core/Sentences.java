package dev.covey.mesh.core;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.covey.mesh.protocol.Command;
import dev.covey.mesh.protocol.LineId;
import dev.covey.patch.Patch;
import dev.covey.patch.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What follows the verb in a {@link Conversation}, read as a command: "6 created 900 if 4: words". */
final class Sentences {
    private static final Pattern SENTENCE = Pattern.compile("(\\d+)(?: created (\\d+))?(?: if (\\d+))?: (.+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private Sentences() {}

    static long ticket(String sentence) {
        return Long.parseLong(read(sentence).group(1));
    }

    static Command command(String verb, String sentence, long clock) {
        Matcher read = read(sentence);
        long created = read.group(2) == null ? clock : Long.parseLong(read.group(2));
        long ifRevision = read.group(3) == null ? Command.ANY_REVISION : Long.parseLong(read.group(3));
        String[] words = read.group(4).split(" ", -1);
        return switch (verb) {
            case "deletes" -> new Command.Delete(words[0], created, ifRevision, Command.NO_PERMIT);
            case "places" -> new Command.Place(words[0], Path.parse(words[1]), set(words[1], words[2]));
            case "withdraws" -> new Command.Withdraw(words[0], Path.parse(words[1]), Long.parseLong(words[2]));
            case "guards" -> new Command.Guard(words[0], Integer.parseInt(words[1]), Long.parseLong(words[2]));
            case "takes" -> new Command.QueueUp(line(words), false);
            case "awaits" -> new Command.QueueUp(line(words), true);
            case "releases" -> new Command.StepOut(line(words), Long.parseLong(words[2]));
            case "writes" ->
                new Command.Change(words[0], Patch.inc("/n", 1), created, ifRevision, Long.parseLong(words[1]));
            default -> throw new IllegalArgumentException("nobody can " + verb);
        };
    }

    /** "cups writers" or "cups /a/scope". */
    private static LineId line(String[] words) {
        return words[1].equals("writers") ? LineId.writers(words[0]) : LineId.scope(words[0], Path.parse(words[1]));
    }

    private static Patch set(String path, String json) {
        try {
            return Patch.set(path, JSON.readTree(json));
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException(json, malformed);
        }
    }

    private static Matcher read(String sentence) {
        Matcher parts = SENTENCE.matcher(sentence);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not understood: " + sentence);
        }
        return parts;
    }
}
