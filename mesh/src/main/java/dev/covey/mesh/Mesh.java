package dev.covey.mesh;

import dev.covey.mesh.agent.JoinRequest;
import dev.covey.mesh.agent.MeshAgent;
import dev.covey.mesh.agent.Reply;
import dev.covey.mesh.core.Session;
import dev.covey.mesh.core.State;
import dev.covey.mesh.protocol.Command;
import dev.covey.mesh.protocol.Wire;
import dev.covey.patch.Limits;
import dev.covey.store.Durability;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongFunction;

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
    private final String name;
    private final Board board;
    private final MeshAgent agent;

    private Mesh(String name, MeshOptions options) {
        this.name = name;
        this.board = new Board(name);
        try {
            this.agent = MeshAgent.join(request(name, options), board);
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
        return new Mesh(name, options);
    }

    private static JoinRequest request(String name, MeshOptions options) {
        return new JoinRequest(
                name,
                options.directory(),
                options.memberName(),
                options.roles(),
                options.store(),
                options.durability(),
                options.hostTimeout(),
                options.limits(),
                options.joinTimeout());
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
     * member gave earlier.
     *
     * @param id any text of 1 to 512 bytes of UTF-8
     * @throws MeshException BAD_NAME; CLOSED; UNKNOWN_OUTCOME when the options' timeout passed
     */
    public SharedObject object(String id, ObjectOptions options) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(id)) {
            throw new MeshException(
                    MeshCode.BAD_NAME, "an object id holds half a character (an unpaired surrogate); use whole text");
        }
        int bytes = id.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > Wire.MAX_OBJECT_ID_BYTES) {
            throw new MeshException(
                    MeshCode.BAD_NAME,
                    "an object id of " + bytes + " bytes; use 1 to " + Wire.MAX_OBJECT_ID_BYTES + " bytes of UTF-8");
        }
        board.requireOpen();
        SharedObject object = board.object(this, id);
        if (options.initial() != null && object.revision() == 0) {
            object.initialize(options.initial(), options);
        }
        return object;
    }

    /** The living members in the order of their numbers: the line for being host. */
    public List<Member> members() {
        return board.state().sessions().values().stream().map(Board::member).toList();
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

    /** Tells who comes, who goes and who is host from now on. */
    public Observation listen(MeshListener listener) {
        return board.listen(listener);
    }

    /** Leaves: what was asked for is decided first, and a host hands over. What observers have waiting is delivered (at most 1 s). Waits at most some seconds. */
    @Override
    public void close() {
        agent.close();
        board.close();
    }

    void submit(LongFunction<Command> atTime, Reply reply) {
        agent.submit(atTime, reply);
    }

    void settle(Answer answer, Object result) {
        board.settle(answer, result);
    }

    void noticeDecided() {
        board.noticeDecided();
    }

    Limits limits() {
        return agent.limits();
    }

    Durability durability() {
        return agent.durability();
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
