package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.covey.mesh.core.CommandId;
import dev.covey.patch.Patch;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One member asks what became of another's commands; that the other may be killed is in {@code OutcomesIT}. */
class OutcomeTest {
    private static final int MORE_THAN_KEPT = 1_100;

    @TempDir
    Path base;

    private Mesh asker;
    private Mesh sender;

    @BeforeEach
    void join() {
        MeshOptions options = MeshOptions.DEFAULT.withDirectory(base.resolve("meshes"));
        asker = Mesh.join("outcomes", options.withMemberName("asker"));
        sender = Mesh.join("outcomes", options.withMemberName("sender"));
        await().until(() -> asker.members().size() == 2);
    }

    @AfterEach
    void leave() {
        sender.close();
        asker.close();
    }

    /** What the sender's exception would have said had its command of that sequence been late. */
    private String id(long sequence) {
        var session = Objects.requireNonNull(
                sender.state().sessions().get(sender.self().number()));
        return new OutcomeId(new CommandId(session.token(), sequence), "o").text();
    }

    @Test
    void whatWasDecidedIsToldAsItsSenderWasTold() {
        Revision revision = sender.object("o").patch(Patch.set("/n", "text")).join();
        assertThatThrownBy(sender.object("o").patch(Patch.inc("/n", 1))::join).hasMessageContaining("[INVALID_PATCH]");
        assertThat(asker.outcome(id(1)).join()).isEqualTo(revision);
        assertThatThrownBy(asker.outcome(id(2))::join).hasMessageContaining("[INVALID_PATCH]");
    }

    @Test
    void whatIsUndecidedStaysOpenUntilItIsDecided() {
        CompletableFuture<Revision> open = asker.outcome(id(2));
        Revision first = sender.object("o").patch(Patch.inc("/n", 1)).join();
        assertThat(asker.outcome(id(1)).join()).isEqualTo(first);
        assertThat(open).isNotDone();
        Revision second = sender.object("o").patch(Patch.inc("/n", 1)).join();
        assertThat(open.join()).isEqualTo(second);
    }

    @Test
    void whatIsTooLongAgoSaysSo() {
        String first = id(1);
        CompletableFuture<?>[] answers = new CompletableFuture<?>[MORE_THAN_KEPT];
        for (int i = 0; i < answers.length; i++) {
            answers[i] = sender.object("o").patch(Patch.inc("/n", 1));
        }
        CompletableFuture.allOf(answers).join();
        assertThat(asker.outcome(id(MORE_THAN_KEPT)).join().number()).isEqualTo(MORE_THAN_KEPT);
        assertThatThrownBy(asker.outcome(first)::join)
                .hasMessageContaining("too long ago")
                .hasMessageContaining("[UNKNOWN_OUTCOME]");
    }

    @Test
    void ofAMemberThatLeftNothingIsKeptAndTheAnswerSaysSo() {
        String first = id(1);
        String never = id(7);
        sender.object("o").patch(Patch.inc("/n", 1)).join();
        CompletableFuture<Revision> open = asker.outcome(never);
        sender.close();
        assertThatThrownBy(open::join).hasMessageContaining("is no member").hasMessageContaining("[UNKNOWN_OUTCOME]");
        assertThatThrownBy(asker.outcome(first)::join).hasMessageContaining("[UNKNOWN_OUTCOME]");
    }

    @Test
    void aQuestionThatIsOpenWhenTheMeshIsClosedEndsAndKeepsItsId() {
        String undecided = id(1);
        CompletableFuture<Revision> open = asker.outcome(undecided);
        asker.close();
        assertThatThrownBy(open::join)
                .hasMessageContaining("[UNKNOWN_OUTCOME]")
                .cause()
                .satisfies(why -> assertThat(((MeshException) why).outcome()).contains(undecided));
        assertThatThrownBy(asker.outcome(undecided)::join).hasMessageContaining("[UNKNOWN_OUTCOME]");
    }

    @Test
    void anIdIsReadBackWhateverTheObjectIsCalled() {
        String text = id(12).replace("-o", "-a-b c\n\"ü");
        assertThat(OutcomeId.parse(text).orElseThrow().text()).isEqualTo(text);
        assertThat(OutcomeId.parse(text).orElseThrow().object()).isEqualTo("a-b c\n\"ü");
        assertThat(OutcomeId.parse(text.substring(1))).isEmpty();
    }
}
