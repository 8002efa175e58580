package dev.covey.examples.tour.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshOptions;
import dev.covey.rpc.Rpc;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopTest {
    @TempDir
    Path base;

    @Test
    void oneMemberSellsAndAnotherBuys() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        MeshOptions options = MeshOptions.DEFAULT.withDirectory(base.resolve("meshes"));
        try (Mesh seller = Mesh.join("shop", options.withMemberName("seller"));
                Mesh buyer = Mesh.join("shop", options.withMemberName("buyer"))) {
            Shop.open(seller);
            await().until(() -> Rpc.on(buyer).services().size() == 3);
            Shop.buy(buyer, new PrintStream(said, true, StandardCharsets.UTF_8));
        }
        assertThat(said.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "hello Ann, says seller", "fig: null", "three apples and a pear: 2.25", "no fig is sold here");
    }
}
