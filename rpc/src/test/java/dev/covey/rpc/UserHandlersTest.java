package dev.covey.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.covey.mesh.Mesh;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Handlers, listeners and results that fail in ways Java's compiler would not let pass: each is answered, and the next too. */
class UserHandlersTest {
    @TempDir
    Path base;

    @SuppressWarnings("NullAway.Init") // by join
    private Meshes meshes;

    @SuppressWarnings("NullAway.Init") // by join
    private Mesh mesh;

    @BeforeEach
    void join() {
        meshes = new Meshes(base);
        mesh = meshes.join("one");
    }

    @AfterEach
    void close() {
        meshes.close();
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> RuntimeException sneaky(Throwable thrown) throws E {
        throw (E) thrown;
    }

    /** Neither an Exception nor an Error. */
    private static final class Oddity extends Throwable {
        private static final long serialVersionUID = 1L;
    }

    /** Its getter calls itself. */
    static final class Broken {
        @JsonValue
        @SuppressWarnings("InfiniteRecursion") // on purpose
        String text() {
            return text() + "; ";
        }
    }

    interface Pricing {
        int price(String item);
    }

    private CompletableFuture<String> call(String service) {
        return Rpc.on(mesh).call(service, "x").thenApply(String::valueOf).orTimeout(5, TimeUnit.SECONDS);
    }

    @Test
    void aHandlerThatThrowsWhatIsNeitherExceptionNorErrorIsAnsweredByItsName() {
        Rpc.on(mesh).serve("odd", arguments -> {
            throw UserHandlersTest.<RuntimeException>sneaky(new Oddity());
        });
        await().untilAsserted(() -> assertThatThrownBy(() -> call("odd").join()).hasMessageContaining("Oddity"));
    }

    @Test
    void anErrorInATypedHandlerArrivesByItsOwnName() {
        Rpc.on(mesh).serve(Pricing.class, item -> {
            throw new AssertionError("no such " + item);
        });
        Pricing pricing = Rpc.on(mesh).proxy(Pricing.class);
        await().untilAsserted(() -> assertThatThrownBy(() -> pricing.price("apple"))
                .hasMessageContaining("AssertionError")
                .hasMessageContaining("no such apple"));
    }

    @Test
    void aResultWhoseGetterThrowsAnErrorIsAnsweredInsteadOfLeftToTheDeadline() {
        Rpc.on(mesh).serve("broken", arguments -> new Broken());
        await().untilAsserted(
                        () -> assertThatThrownBy(() -> call("broken").join()).hasMessageContaining("BAD_RESULT"));
    }

    @Test
    void aListenerThatThrowsACheckedExceptionHearsTheNextEvent() {
        List<Integer> heard = new CopyOnWriteArrayList<>();
        EventBus.on(mesh).subscribe("numbers", event -> {
            heard.add(event.value(Integer.class));
            throw UserHandlersTest.<RuntimeException>sneaky(new IOException("checked"));
        });
        for (int i = 0; i < 3; i++) {
            EventBus.on(mesh).publish("numbers", i);
        }
        await().untilAsserted(() -> assertThat(heard).containsExactly(0, 1, 2));
    }
}
