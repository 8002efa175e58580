package dev.covey.mesh;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.covey.mesh.agent.ChannelCount;
import dev.covey.mesh.agent.Entry;
import dev.covey.mesh.agent.Failures;
import dev.covey.mesh.agent.JoinRequest;
import dev.covey.mesh.agent.MeshAgent;
import dev.covey.mesh.agent.Presence;
import dev.covey.mesh.agent.Removing;
import dev.covey.mesh.agent.Reply;
import dev.covey.mesh.agent.RunningMeshes;
import dev.covey.mesh.core.Holdings;
import dev.covey.mesh.core.ObjectState;
import dev.covey.mesh.core.Outcome;
import dev.covey.mesh.core.Session;
import dev.covey.mesh.core.State;
import dev.covey.mesh.protocol.Command;
import dev.covey.mesh.protocol.Wire;
import dev.covey.patch.Limits;
import dev.covey.store.Durability;
import dev.covey.store.ObjectStore;
import dev.covey.store.Quarantined;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * This process's membership in a mesh: the processes of this machine that joined one name and share live JSON objects.
 *
 * <pre>{@code
 * try (Mesh mesh = Mesh.join("hello")) {
 *     SharedObject visits = mesh.object("visits");
 *     visits.observe("/count", change -> System.out.println(change.by().name() + " made it " + change.after()));
 *     Revision revision = visits.patch(Patch.inc("/count", 1)).join();
 *     System.out.println("accepted as revision " + revision.number());
 * }
 * }</pre>
 *
 * <p>No process has to be first. The members elect a host among themselves; when it dies another one carries on, and
 * nothing that was acknowledged is lost. Every method may be called by any thread. A JVM may join several meshes, and one
 * mesh several times.
 */
public final class Mesh implements AutoCloseable {
    private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(30);

    private final String name;
    private final Board board;
    private final Outcomes outcomes;
    private final Counters counters = new Counters();
    private final UserThreads functions;
    private final MeshAgent agent;
    private @Nullable ObjectStore store;
    private final Map<String, Channel> channels = new ConcurrentHashMap<>();
    private final Map<String, OrderedChannel> ordered = new ConcurrentHashMap<>();

    private Mesh(Entry entry) {
        this.name = entry.request().mesh();
        this.outcomes = new Outcomes(this);
        this.board = new Board(name, counters, outcomes);
        this.functions = new UserThreads("covey-functions-" + name);
        try {
            this.agent = MeshAgent.join(entry, board);
        } catch (RuntimeException notJoined) {
            board.close();
            throw notJoined;
        }
        board.use(agent);
    }

    /** Joins with {@link MeshOptions#DEFAULT}. */
    public static Mesh join(String name) {
        return join(name, MeshOptions.DEFAULT);
    }

    /**
     * Joins the mesh of that name on this machine; returns when the mesh has recorded it.
     *
     * @param name {@code [a-z0-9][a-z0-9._-]{0,63}}
     * @throws MeshException BAD_NAME, JVM_ACCESS, INSECURE_DIRECTORY, OPTIONS_MISMATCH, VERSION_MISMATCH, STORE_IN_USE,
     *     STORE_FAILED, LIMIT_EXCEEDED, TIMED_OUT; nothing is left behind then
     */
    public static Mesh join(String name, MeshOptions options) {
        return join(name, options, JoinRequest.MAX_UNWRITTEN);
    }

    /** A seam for tests, in which fewer records may wait for their revision files. */
    static Mesh join(String name, MeshOptions options, long maxUnwritten) {
        return Entry.of(request(name, options, maxUnwritten), Mesh::new);
    }

    private static JoinRequest request(String name, MeshOptions options, long maxUnwritten) {
        return new JoinRequest(
                name,
                options.directory(),
                options.memberName(),
                options.roles(),
                options.store(),
                options.durability(),
                options.hostTimeout(),
                options.limits(),
                options.joinTimeout(),
                options.keepWhenEmpty(),
                options.mayHost(),
                options.driver(),
                options.maxWriters(),
                options.metadata(),
                options.retention(),
                options.spinning(),
                maxUnwritten);
    }

    public String name() {
        return name;
    }

    /** The object of that id, which is {@code {}} until somebody writes it. Never waits. */
    public SharedObject object(String id) {
        return object(id, ObjectOptions.DEFAULT);
    }

    /**
     * The object of that id. With a first value it waits until the mesh has recorded one: this, or the one that another
     * member gave earlier; with maxWriters until the mesh has recorded that.
     *
     * @param id any text of 1 to 512 bytes of UTF-8
     * @throws MeshException BAD_NAME; CLOSED; OPTIONS_MISMATCH if the object has other maxWriters; UNKNOWN_OUTCOME or
     *     TIMED_OUT when the options' timeout passed
     */
    public SharedObject object(String id, ObjectOptions options) {
        requireId("an object id", id);
        board.requireOpen();
        SharedObject object = board.object(this, id);
        Opening.of(this, object, options);
        return object;
    }

    private static void requireId(String what, String id) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(id)) {
            throw new MeshException(
                    MeshCode.BAD_NAME, what + " holds half a character (an unpaired surrogate); use whole text");
        }
        int bytes = id.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > Wire.MAX_OBJECT_ID_BYTES) {
            throw new MeshException(
                    MeshCode.BAD_NAME,
                    what + " of " + bytes + " bytes; use 1 to " + Wire.MAX_OBJECT_ID_BYTES + " bytes of UTF-8");
        }
    }

    /** The ids of all objects there are: written by somebody, and not deleted since. In their order. */
    public List<String> objects() {
        return board.state().objects().values().stream()
                .filter(ObjectState::exists)
                .map(ObjectState::id)
                .toList();
    }

    /** The living members in the order of their numbers: the line for being host. */
    public List<Member> members() {
        return board.state().sessions().values().stream().map(Board::member).toList();
    }

    /**
     * How far behind a member is: how many accepted revisions, of all objects together, it has still to apply. A member that
     * is frozen falls behind as the others go on. Empty if it is gone or does not tell: beyond 256 members of one mesh some
     * do not. Never waits.
     */
    public OptionalLong lag(Member member) {
        State state = board.state();
        Session session = state.sessions().get(member.number());
        return session == null ? OptionalLong.empty() : agent.presence().lag(session, state);
    }

    /** Who decides now; empty while the mesh is between two hosts. */
    public Optional<Member> host() {
        State state = board.state();
        Session host = state.byToken(state.host());
        return Optional.ofNullable(host).map(Board::member);
    }

    /** This member. Its number changes if it was declared dead while it lived, and joined again. */
    public Member self() {
        return board.memberOrGone(agent.number());
    }

    /** The epoch of the last record applied here: 1 for the first host, one more for each that follows. */
    public long epoch() {
        return board.state().epoch();
    }

    /** How this member last became host, step by step; {@link TakeOver#NONE} if it never did. */
    public TakeOver takeOver() {
        return agent.takeOver();
    }

    /**
     * Reads, modifies and writes a whole object: {@code object(name).edit("", function)}.
     *
     * @see SharedObject#edit(String, Function, EditOptions)
     */
    public <R> CompletableFuture<R> scoped(String object, Function<ObjectNode, R> function) {
        return object(object).edit("", function);
    }

    /**
     * What became of a command that had no answer in its time: the future ends when it is known, as the command's own would
     * have, with the revision or with the refusal. Any member can be asked, also when the process that sent it is dead:
     *
     * <ul>
     *   <li>TIMED_OUT says for certain that it has not happened and never will, as its sender died before it was decided;
     *   <li>UNKNOWN_OUTCOME that nobody can tell any more: its sender had more than 1,024 commands decided since, or has left
     *       by close(), or is not among the last 64 members that were declared dead, or was of an earlier life of the mesh;
     *       or that its sender was frozen so long that it was declared dead, in which case its own process alone can tell.
     * </ul>
     *
     * <p>While its sender lives and it is undecided the future stays open. In the process that sent it the last 1,024 that
     * were late can be asked for, whatever became of its membership.
     *
     * @param id {@link MeshException#outcome} of the exception that said UNKNOWN_OUTCOME, in whatever process
     * @return ends in LIMIT_EXCEEDED if more than 1,024 such questions are open here
     */
    public CompletableFuture<Revision> outcome(String id) {
        return outcomes.ask(id);
    }

    /** How this member stands with its mesh; {@link MeshListener#statusChanged} tells of changes. */
    public MeshStatus status() {
        return board.status();
    }

    /** As {@link #flush(Duration)}, for at most 30 s. */
    public void flush() {
        flush(FLUSH_TIMEOUT);
    }

    /**
     * Waits until every patch that this process asked for here is answered, and, where the mesh has a store, until the
     * revision files have what this member has seen of the objects it opened.
     *
     * @throws MeshException TIMED_OUT naming an object that is not there yet; CORRUPT, STORE_FAILED when the revision files
     *     cannot be read, with the StoreException as its cause
     */
    public void flush(Duration timeout) {
        new Flush(board.objects(), timeout).run(store());
    }

    /**
     * The names of this user's meshes that have a living member on this machine, in the default directory: that of
     * {@link MeshOptions#DEFAULT}.
     */
    public static List<String> running() {
        return Failures.told(() -> RunningMeshes.names(null));
    }

    /** As {@link #running()}, of another {@link MeshOptions#directory}. */
    public static List<String> running(Path directory) {
        return Failures.told(() -> RunningMeshes.names(directory));
    }

    /**
     * Removes what dead members left of a mesh in shared memory, in the default directory. What is lost is what no store has:
     * without a store all objects, with one at MEMORY the revisions that have no file yet, with its own journal in the store nothing.
     *
     * @return what went
     * @throws MeshException BAD_NAME; MESH_IN_USE naming who lives in it, and then nothing was changed
     */
    public static Removal remove(String name) {
        return Failures.told(() -> Removing.of(name, null));
    }

    /** As {@link #remove(String)}, in another {@link MeshOptions#directory}. */
    public static Removal remove(String name, Path directory) {
        return Failures.told(() -> Removing.of(name, directory));
    }

    /** The store, opened for reading when it is first asked for; empty if the mesh has none. */
    synchronized Optional<ObjectStore> store() {
        String directory = agent.settings().store();
        if (store == null && directory != null) {
            store = Failures.told(() -> ObjectStore.open(Path.of(directory)));
        }
        return Optional.ofNullable(store);
    }

    /**
     * The objects whose revision files were found damaged, missing or foreign, by this mesh or an earlier one of its store,
     * and how each goes on. Nothing is lost of what any object is now; of the history of these a part may be. Empty without a
     * store.
     */
    public List<Quarantined> quarantined() {
        return store().map(read -> Failures.told(read::quarantined)).orElse(List.of());
    }

    /** What this member did and met since it joined. */
    public Statistics statistics() {
        return counters.statistics(Stream.concat(board.stuck().stream(), functions.stuck().stream())
                .toList());
    }

    /** Tells who comes, who goes and who is host from now on. */
    public Observation listen(MeshListener listener) {
        return board.listen(listener);
    }

    /**
     * The channel of that name: bytes straight from one member to another.
     *
     * @param channel any text of 1 to 512 bytes of UTF-8; those that begin with {@code covey.} are Covey's own
     * @throws MeshException BAD_NAME
     */
    public Channel channel(String channel) {
        requireId("a channel name", channel);
        return channels.computeIfAbsent(
                channel, name -> new Channel(this, board, name, agent.channels().port(name)));
    }

    /** Leaves: what was asked for is decided first, and a host hands over. What observers have waiting is delivered (at most 1 s). Waits at most some seconds. */
    @Override
    public void close() {
        agent.close();
        functions.close();
        board.close();
    }

    void submit(LongFunction<Command> atTime, Reply reply) {
        agent.submit(atTime, reply);
    }

    State state() {
        return board.state();
    }

    MeshAgent agent() {
        return agent;
    }

    Presence presence() {
        return agent.presence();
    }

    @Nullable
    MeshException endedWith() {
        return board.endedWith();
    }

    Revision revision(String object, Outcome.Accepted accepted) {
        return new Revision(
                object,
                accepted.revision(),
                accepted.position(),
                accepted.epoch(),
                Times.instant(accepted.timeMicros()),
                accepted.changed(),
                durability());
    }

    Holdings holdings() {
        return board.state().holdings();
    }

    Turns turns() {
        return board.turns();
    }

    void settle(Answer answer, Object result) {
        board.settle(answer, result);
    }

    Outcomes outcomes() {
        return outcomes;
    }

    Counters counters() {
        return counters;
    }

    UserThreads functions() {
        return functions;
    }

    void noticeDecided() {
        board.noticeDecided();
    }

    OrderedChannel ordered(String channel) {
        return ordered.computeIfAbsent(channel, name -> new OrderedChannel(this, name));
    }

    ChannelCount channelCount() {
        return agent.channels().count();
    }

    Limits limits() {
        return agent.settings().limits();
    }

    Durability durability() {
        return agent.settings().durability();
    }

    Executor executor() {
        return board.executor();
    }

    void opened(Mailbox<?> mailbox) {
        board.opened(mailbox);
    }

    void closed(Mailbox<?> mailbox) {
        board.closed(mailbox);
    }

    Member memberOrGone(long number) {
        return board.memberOrGone(number);
    }
}
