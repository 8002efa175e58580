package dev.covey.examples.tour.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrdersTest {
    @TempDir
    Path base;

    @Test
    void everybodyHearsOfAnOrderAndOnePackerPacksIt() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        MeshOptions options = MeshOptions.DEFAULT.withDirectory(base.resolve("meshes"));
        try (Mesh ann = Mesh.join("tour", options.withMemberName("ann"));
                Mesh bob = Mesh.join("tour", options.withMemberName("bob"))) {
            Orders.listen(ann, out);
            Orders.listen(bob, out);
            Orders.pack(ann, out);
            Orders.pack(bob, out);
            Orders.order(ann, 1);
            Orders.order(ann, 2);
            await().untilAsserted(() -> assertThat(
                            printed.toString(StandardCharsets.UTF_8).lines())
                    .hasSize(6)
                    .containsOnlyOnce("ann packs 1")
                    .containsOnlyOnce("bob packs 2"));
        }
    }
}
