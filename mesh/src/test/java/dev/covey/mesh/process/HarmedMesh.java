package dev.covey.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.covey.mesh.process.FileTable.Case;
import dev.covey.mesh.process.FileTable.Kind;
import dev.covey.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A mesh of two processes that has a file of every kind, and what comes of it when one of them is harmed. It is used for one
 * case after the other as long as it goes on, and made anew after it did not.
 */
final class HarmedMesh implements AutoCloseable {
    /** There was none to do it to. */
    static final String ABSENT = "absent";

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String DURABILITY = System.getProperty("covey.files.durability", "");
    /** Patches of each member before, and after. */
    private static final int PATCHES = 20;

    /** Rounds by which another mesh has counted further. */
    private static final int MORE = 50;

    private static final int PATCH_MILLIS = 15_000;
    /** Members look after their files some times a second; so long patches go on before it is said that nothing came of it. */
    private static final long NOTICED_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

    private static final String LOST = "[TRANSPORT_LOST]";
    private static final Pattern TALLY = Pattern.compile("tally ([0-9]+) ([0-9]+) ([0-9]+) (.*)");
    private static final Pattern STANDING = Pattern.compile("standing ([0-9]+) ([0-9]+) ([A-Z_]+)");
    private static final Pattern NAMED =
            Pattern.compile(".*\\[(CORRUPT|STORE_FAILED|TRANSPORT_LOST|INSECURE_DIRECTORY|OPTIONS_MISMATCH|STORE_IN_USE"
                    + "|STORE_MISMATCH|VERSION_MISMATCH)].*");

    private final Path home;
    private final FileTable table;
    private final boolean store;
    private final Path foreign;
    private final SplittableRandom random;
    private final List<MemberProcess> members = new ArrayList<>();
    private Path place = Path.of("");
    private int lives;
    private long acknowledged;
    private long unknown;
    private boolean fresh;
    private String harmed = "";

    /**
     * @param foreign a copy of what another mesh left behind, laid out like this one's
     */
    HarmedMesh(Path home, FileTable table, boolean store, Path foreign, SplittableRandom random) {
        this.home = home;
        this.table = table;
        this.store = store;
        this.foreign = foreign;
        this.random = random;
    }

    private Path base() {
        return place.resolve("BASE");
    }

    private Path storeDirectory() {
        return place.resolve("STORE");
    }

    /** Where its files are. */
    Path place() {
        return place;
    }

    /** Begins a mesh if there is none that lives, in a place of its own. */
    void begin() throws IOException {
        if (!members.isEmpty()) {
            return;
        }
        place = Files.createDirectories(home.resolve("life-" + ++lives));
        acknowledged = 0;
        unknown = 0;
        fresh = true;
        if (store) {
            Path old = Files.createDirectories(place.resolve("old/imported"));
            Files.writeString(old.resolve("0-" + "a".repeat(32)), "{\"_id\":\"imported\",\"n\":1}");
            Files.writeString(old.resolve("0-" + "b".repeat(32)), "{\"_id\":\"imported\",\"n\":2}");
            ObjectStore.open(storeDirectory()).importFrom(place.resolve("old"));
        }
        start("host");
        start("next");
        assertThat(members.get(0).ask("writer permitted 1 60000")).startsWith("token");
        assertThat(members.get(1).ask("place places /p here")).isEqualTo("placed true");
        tally(members);
        await().atMost(PATIENCE).until(this::isWhole);
    }

    private MemberProcess process(String name) {
        String[] options = store && !DURABILITY.isEmpty() ? new String[] {DURABILITY} : new String[0];
        return MemberProcess.start("every", name, base(), store ? storeDirectory() : null, options);
    }

    private void start(String name) {
        MemberProcess member = process(name);
        members.add(member);
        assertThat(member.ask("join")).startsWith("joined");
    }

    /** Whether there is one of every kind of which there is always one. */
    private boolean isWhole() throws IOException {
        List<String> there = paths();
        return there.stream().anyMatch(path -> path.matches("BASE/every/driver-[0-9]+-[0-9a-f]+/publications/.*"))
                && there.stream().anyMatch(path -> path.endsWith("ready") && path.contains("driver-" + (epoch() + 1)))
                && there.stream().anyMatch(path -> path.contains("/.spare-"))
                && (!store || there.stream().anyMatch(path -> path.startsWith("STORE/objects/things/")));
    }

    /** All there is, as the table names it. */
    List<String> paths() throws IOException {
        List<String> found = new ArrayList<>();
        for (String root : List.of("BASE", "STORE")) {
            list(place.resolve(root), root, found);
        }
        return found;
    }

    private static void list(Path path, String name, List<String> into) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        into.add(name);
        if (Files.isDirectory(path)) {
            try (var entries = Files.list(path)) {
                for (Path entry : entries.sorted().toList()) {
                    list(entry, name + "/" + entry.getFileName(), into);
                }
            } catch (NoSuchFileException | UncheckedIOException vanished) {
                // Then nothing is in it.
            }
        }
    }

    long epoch() {
        return Long.parseLong(standing(members.get(0)).group(2));
    }

    private static Matcher standing(MemberProcess member) {
        String answer = member.ask("standing");
        Matcher said = STANDING.matcher(answer);
        assertThat(said.matches()).as(answer).isTrue();
        return said;
    }

    /** Does that to a file of that kind, and says in a word what came of it. */
    String harm(Case wanted) throws IOException {
        begin();
        Path victim = victim(wanted);
        if (victim == null && !fresh) {
            end();
            begin();
            victim = victim(wanted);
        }
        if (victim == null) {
            return ABSENT;
        }
        fresh = false;
        harmed = victim.toString();
        if (wanted.alive()) {
            return judgedAlive(wanted, victim);
        }
        endAll();
        doHarm(wanted, victim);
        return judgedDead();
    }

    private @Nullable Path victim(Case wanted) throws IOException {
        long epoch = epoch();
        List<Path> found = paths().stream()
                .filter(path -> table.kindOf(path, store, epoch).equals(Optional.of(wanted.kind())))
                .map(place::resolve)
                .filter(wanted.harm()::fits)
                .toList();
        return found.isEmpty() ? null : found.get(random.nextInt(found.size()));
    }

    private void doHarm(Case wanted, Path victim) throws IOException {
        if (wanted.harm() == FileHarm.READ) {
            MemberProcess reader = members.get(random.nextInt(members.size()));
            assertThat(reader.ask("read " + victim)).startsWith("read");
        } else {
            wanted.harm().to(victim, counterpart(wanted.kind()), random);
        }
    }

    private @Nullable Path counterpart(Kind kind) throws IOException {
        List<String> there = new ArrayList<>();
        for (String root : List.of("BASE", "STORE")) {
            list(foreign.resolve(root), root, there);
        }
        return there.stream()
                .filter(path -> kind.matches(path, 1))
                .map(foreign::resolve)
                .findFirst()
                .orElse(null);
    }

    private String judgedAlive(Case wanted, Path victim) throws IOException {
        List<String> before =
                members.stream().map(member -> standing(member).group()).toList();
        doHarm(wanted, victim);
        long harmed = System.nanoTime();
        String told = tally(members);
        while (told.isEmpty() && System.nanoTime() - harmed < NOTICED_NANOS) {
            told = tally(members);
        }
        requireAllAlive();
        if (!told.isEmpty()) {
            return rejoined(told);
        }
        List<String> after =
                members.stream().map(member -> standing(member).group()).toList();
        if (after.stream().anyMatch(line -> line.endsWith("CLOSED"))) {
            return rejoined(tally(members));
        }
        String number = "standing ([0-9]+) .*";
        boolean sameNumbers = before.stream()
                .map(line -> line.replaceAll(number, "$1"))
                .toList()
                .equals(after.stream()
                        .map(line -> line.replaceAll(number, "$1"))
                        .toList());
        return after.equals(before)
                ? newcomer(checked("on"))
                : sameNumbers ? checked("change") : "expelled: " + before + " " + after;
    }

    /** Whether somebody new gets in where all goes on. */
    private String newcomer(String outcome) {
        MemberProcess late = process("late");
        String answer = late.ask("join");
        if (answer.startsWith("joined")) {
            assertThat(late.ask("close")).isEqualTo("closed");
            late.kill();
            return outcome;
        }
        late.kill();
        return isNamed(answer) ? "shut" : "newcomers are told: " + answer;
    }

    /** Who was told that its membership ended joins again, as an application does; nobody is told twice. */
    private String rejoined(String told) {
        String last = told;
        for (int ends = 0; !last.isEmpty() || ends == 0; ends++) {
            if (ends == members.size()) {
                return isNamed(last) ? refused(last) : "ended again and again: " + last;
            }
            int again = 0;
            for (MemberProcess member : members) {
                String answer = member.ask("again");
                if (!answer.startsWith("joined")) {
                    return refused(answer);
                }
                again += answer.endsWith("again") ? 1 : 0;
            }
            if (again == 0 && !last.contains(LOST)) {
                return refused(last);
            }
            last = tally(members);
        }
        return told.isEmpty() || told.contains(LOST)
                ? checked("again")
                : checked("again, and why was not told: " + told);
    }

    private String judgedDead() {
        MemberProcess first = process("host");
        members.add(first);
        String answer = first.ask("join");
        if (!answer.startsWith("joined")) {
            return refused(answer);
        }
        String told = tally(List.of(first));
        if (!told.isEmpty()) {
            return refused(told);
        }
        String outcome = checked("on");
        if (outcome.equals("on")) {
            start("next");
        }
        return outcome;
    }

    /** A refusal names what is wrong by a code and a path; that a host may be frozen is none. */
    private String refused(String answer) {
        end();
        return isNamed(answer) ? "refused" : "refused without a name: " + answer;
    }

    private boolean isNamed(String answer) {
        return NAMED.matcher(answer).matches() && answer.contains(place.toString());
    }

    /** What was acknowledged is there, what may have happened may be, and the history of other objects is whole. */
    private String checked(String outcome) {
        MemberProcess asked = members.get(0);
        String value = asked.ask("value things");
        long n = Long.parseLong(value.replaceAll("[^0-9]", "").isEmpty() ? "0" : value.replaceAll("[^0-9]", ""));
        if (n >= acknowledged && n <= acknowledged + unknown) {
            return store ? history(asked, outcome) : outcome;
        }
        long own = members.size() * (long) PATCHES;
        end();
        if (n > acknowledged + unknown && n % PATCHES == 0 && n >= (long) MORE * PATCHES) {
            return "other";
        }
        return n <= own ? "anew" : "LOST: " + value + " of " + acknowledged + " acknowledged, " + unknown + " unknown";
    }

    /** A harmed object may say what is missing or damaged; every other has its whole history. */
    private String history(MemberProcess asked, String outcome) {
        String result = outcome;
        for (String id : List.of("things", "imported", "places")) {
            String said = asked.ask("history " + id);
            if (!said.equals("history whole")) {
                boolean own = harmed.contains("STORE/objects/" + id) || !harmed.contains("STORE/objects/");
                boolean named = said.equals("history shorter") || said.endsWith("[CORRUPT]");
                if (!own || !named || !harmed.contains("STORE")) {
                    return id + ": " + said;
                }
                result = result.equals("on") ? "object" : result;
            }
        }
        return result;
    }

    /** All count; what they were told instead of an acknowledgement, or nothing. */
    private String tally(List<MemberProcess> who) {
        who.forEach(member -> member.tell("tally things /n " + PATCHES + " " + PATCH_MILLIS));
        StringBuilder told = new StringBuilder();
        for (MemberProcess member : who) {
            String answer = member.answer();
            Matcher tally = TALLY.matcher(answer);
            assertThat(tally.matches()).as(answer).isTrue();
            acknowledged += Long.parseLong(tally.group(1));
            unknown += Long.parseLong(tally.group(2));
            told.append(tally.group(4).equals("-") ? "" : tally.group(4) + "; ");
        }
        return told.toString();
    }

    private void requireAllAlive() {
        for (MemberProcess member : members) {
            assertThat(ProcessHandle.of(member.pid())
                            .map(ProcessHandle::isAlive)
                            .orElse(false))
                    .as("the JVM of " + member.name() + " lives")
                    .isTrue();
        }
    }

    private void endAll() {
        members.forEach(MemberProcess::kill);
        members.clear();
    }

    /** What is left of it is not used again. */
    void end() {
        endAll();
        try {
            FileHarm.remove(place);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        endAll();
    }

    /** Counts on, so that its values are others, kills all, and keeps what they leave as the other mesh of replacements. */
    void leaveTo(Path copy) throws IOException {
        for (int i = 0; i < MORE; i++) {
            tally(members);
        }
        endAll();
        FileHarm.copy(place, copy);
        FileHarm.remove(place);
    }
}
