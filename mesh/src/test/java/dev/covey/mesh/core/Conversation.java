package dev.covey.mesh.core;

import dev.covey.mesh.protocol.Command;
import dev.covey.mesh.protocol.Command.Change;
import dev.covey.mesh.protocol.Command.Initialize;
import dev.covey.mesh.protocol.Command.Profile;
import dev.covey.mesh.protocol.Envelope;
import dev.covey.mesh.protocol.Fact;
import dev.covey.mesh.protocol.LogRecord;
import dev.covey.mesh.protocol.Token;
import dev.covey.mesh.protocol.Wire;
import dev.covey.patch.Limits;
import dev.covey.patch.Patch;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A script of inputs, performed aloud. Lines that begin with {@code >} are inputs; comments and empty lines stay; every
 * other line is what the cores answered last time, and is written anew.
 *
 * <pre>
 * > clock 1000                  the time, for all, in microseconds
 * > hash every 4                the host has all compare their state after so many records; before anybody starts
 * > a starts                    with nothing; "from b": with a snapshot of b's state
 * > a joins as 7                with token 7
 * > a suspects 1 2              that these members are dead; "nobody" for none
 * > a does all                  does what its core asked for; "does one" leaves the core in the dark about the result
 * > a hears                     of the oldest result it is in the dark about
 * > a works                     flushes, then does all
 * > a looks                     at the cell
 * > a reads all                 committed records up to where it looked; or so many
 * > a connects                  to the host there is
 * > a asks 3: cups {"$inc":…}   ticket 3, object cups; after the number: "created 900", "if 4" (a revision), "initially"
 * > a leaves 4                  with ticket 4
 * > a deletes 5: cups           ticket 5; after the number: "created 900", "if 4"
 * > a places 6: cups /b {"x":1} ticket 6: a value at a path, which goes with a
 * > a withdraws 7: cups /b 12   ticket 7: what the record at position 12 placed
 * > a guards 8: cups 2 500      ticket 8: cups has 2 writers, whose permits expire after 500 ms
 * > a takes 9: cups writers     ticket 9: a permit now or never; "awaits" gets in line; "cups /a" is the line of a scope
 * > a releases 1: cups writers 14   what the record at position 14 answered
 * > a writes 2: cups 14         {"$inc":{"n":1}} with that permit
 * > mesh has 2 writers          before anybody starts; "a joins as 7 writing" is one of them
 * > a buries 2                  member 2's process is gone
 * > a restores from b           takes a snapshot of b's state
 * > a errs                      a cosmic ray: its state is no longer what the records say
 * > a tells                     what it is and has
 * > a is filled to 3            gives it so many members that 3 are missing to the limit, unheard
 * > a sees 5 come and go        members that join and are declared dead, unheard
 * > deliver a / drop a          the oldest command on its way from a arrives; or a's connection breaks
 * </pre>
 */
final class Conversation {
    private static final Token LIFE = new Token(7, 7);
    private static final Pattern ASKS =
            Pattern.compile("asks (\\d+)(?: created (\\d+))?(?: if (\\d+))?( initially)?: (\\S+) (.+)");

    final SimulatedCell cell = new SimulatedCell();
    final SimulatedJournal journal = new SimulatedJournal();
    private final Map<String, Speaker> speakers = new TreeMap<>();
    private final SortedMap<Long, Speaker> doors = new TreeMap<>();
    private final StringBuilder text = new StringBuilder();
    private CoreOptions options = CoreOptions.DEFAULT;
    private long clock = 1;

    static String perform(String script) {
        Conversation conversation = new Conversation();
        for (String line : script.split("\n", -1)) {
            if (line.startsWith("> ")) {
                conversation.say(line);
                conversation.input(line.substring(2));
            } else if (line.isEmpty() || line.startsWith("#")) {
                conversation.say(line);
            }
        }
        return conversation.text.toString().stripTrailing() + "\n";
    }

    void say(String words) {
        text.append(words).append('\n');
    }

    void open(long epoch, Speaker host) {
        doors.put(epoch, host);
    }

    void close(long epoch) {
        doors.remove(epoch);
    }

    @Nullable
    Speaker host(long epoch) {
        return doors.get(epoch);
    }

    private Speaker speaker(String name) {
        Speaker speaker = speakers.get(name);
        if (speaker == null) {
            throw new IllegalArgumentException("nobody is called " + name);
        }
        return speaker;
    }

    private void input(String line) {
        String[] words = line.split(" ", 3);
        switch (words[0]) {
            case "clock" -> {
                clock = Long.parseLong(words[1]);
                speakers.values().forEach(speaker -> speaker.core().now(clock));
            }
            case "hash" -> options = new CoreOptions(Limits.DEFAULT, Long.parseLong(words[2]));
            case "mesh" ->
                options = new CoreOptions(Limits.DEFAULT, Long.MAX_VALUE, Integer.parseInt(words[2].split(" ", -1)[0]));
            case "deliver" -> speaker(words[1]).deliver();
            case "drop" -> speaker(words[1]).drop();
            default -> {
                if (words[1].equals("starts")) {
                    start(words[0], words.length == 3 ? words[2] : "");
                } else {
                    act(speaker(words[0]), words[1], words.length == 3 ? words[2] : "");
                }
            }
        }
    }

    private void start(String name, String origin) {
        State state = origin.startsWith("from ") ? snapshot(speaker(origin.substring(5))) : State.EMPTY;
        Speaker speaker = new Speaker(name, LIFE, state, options, this);
        speaker.core().now(clock);
        speakers.put(name, speaker);
    }

    private static State snapshot(Speaker speaker) {
        byte[] bytes = StateEncoder.encode(speaker.core().state());
        return StateDecoder.decode(ByteBuffer.wrap(bytes), Limits.DEFAULT);
    }

    private void act(Speaker speaker, String verb, String rest) {
        Core core = speaker.core();
        switch (verb) {
            case "joins" -> {
                String[] words = rest.split(" ", -1);
                speaker.join(new Token(0, Long.parseLong(words[1])), words.length == 3 ? List.of("writer") : List.of());
            }
            case "suspects" -> core.suspected(numbers(rest));
            case "does" -> {
                if (rest.equals("all")) {
                    speaker.doAll();
                } else {
                    speaker.doOldest();
                }
            }
            case "hears" -> speaker.hearOldest();
            case "flushes" -> core.flush();
            case "works" -> {
                core.flush();
                speaker.doAll();
            }
            case "looks" -> speaker.look();
            case "reads" -> speaker.read(rest.equals("all") ? Long.MAX_VALUE : Long.parseLong(rest));
            case "connects" -> speaker.connect();
            case "asks" -> ask(speaker, "asks " + rest);
            case "deletes", "places", "withdraws", "guards", "takes", "awaits", "releases", "writes" ->
                core.submit(Sentences.ticket(rest), Sentences.command(verb, rest, clock));
            case "leaves" -> core.submit(Long.parseLong(rest), new Command.Leave());
            case "buries" -> core.died(Long.parseLong(rest));
            case "restores" -> core.restored(snapshot(speaker(rest.substring(5))));
            case "is" -> crowd(speaker, Long.parseLong(rest.substring("filled to ".length())));
            case "sees" -> comeAndGo(speaker, Long.parseLong(rest.substring(0, rest.indexOf(' '))));
            case "errs" -> err(speaker);
            case "tells" -> speaker.tell();
            default -> throw new IllegalArgumentException("nobody can " + verb);
        }
        while (speaker.asked.peek() instanceof Ask.Send) {
            speaker.doOldest();
        }
    }

    private static NavigableSet<Long> numbers(String words) {
        NavigableSet<Long> numbers = new TreeSet<>();
        if (!words.equals("nobody")) {
            Stream.of(words.split(" ")).map(Long::valueOf).forEach(numbers::add);
        }
        return numbers;
    }

    private void ask(Speaker speaker, String sentence) {
        Matcher parts = ASKS.matcher(sentence);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not understood: " + sentence);
        }
        long created = parts.group(2) == null ? clock : Long.parseLong(parts.group(2));
        long ifRevision = parts.group(3) == null ? Command.ANY_REVISION : Long.parseLong(parts.group(3));
        String json = parts.group(6);
        Patch patch = json.startsWith("[") ? Patch.jsonPatch(json) : Patch.update(json);
        Command command = parts.group(4) == null
                ? new Change(parts.group(5), patch, created, ifRevision)
                : new Initialize(parts.group(5), patch, created);
        speaker.core().submit(Long.parseLong(parts.group(1)), command);
    }

    /** Members nobody ever sees, so that the mesh is nearly full. */
    private void crowd(Speaker host, long missing) {
        int quiet = text.length();
        long count = Wire.MAX_MEMBERS - missing - host.core().state().sessions().size();
        for (long i = 0; i < count; i++) {
            Profile profile = new Profile("crowd", "", "", List.of());
            Command.Join join =
                    new Command.Join(new Token(1, host.core().state().nextNumber() + i), profile);
            host.core().command(new Envelope(LIFE, cell.epoch(), 0, 0, join));
        }
        host.core().flush();
        host.doAll();
        text.setLength(quiet);
    }

    private void comeAndGo(Speaker host, long count) {
        int quiet = text.length();
        for (long i = 0; i < count; i++) {
            long number = host.core().state().nextNumber();
            crowd(host, Wire.MAX_MEMBERS - host.core().state().sessions().size() - 1);
            host.core().died(number);
            host.core().flush();
            host.doAll();
        }
        text.setLength(quiet);
    }

    /** A cosmic ray: the state differs from what the records say. */
    private static void err(Speaker speaker) {
        State state = speaker.core().state();
        LogRecord stray = new LogRecord(
                state.epoch(),
                state.position() + 1,
                state.timeMicros() + 1,
                0,
                0,
                new Fact.Joined(state.nextNumber(), new Token(6, 6), new Profile("stray", "", "", List.of())));
        State wrong = state.apply(stray);
        speaker.core()
                .restored(new State(
                        state.position(),
                        state.epoch(),
                        state.timeMicros(),
                        state.host(),
                        state.nextNumber(),
                        state.revisions(),
                        wrong.sessions(),
                        state.departed(),
                        state.objects(),
                        state.holdings()));
    }
}
