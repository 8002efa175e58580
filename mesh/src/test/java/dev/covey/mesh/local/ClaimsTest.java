package dev.covey.mesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.covey.store.ProcessIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimsTest {
    @TempDir
    Path temporary;

    @Test
    void whatHasTheNameOfAClaimAndIsNoFileIsPassedOverAndNeverWaitedFor() throws Exception {
        MeshDirectory directory = MeshDirectory.open("claims", temporary.resolve("meshes"));
        directory.make();
        Claims claims = new Claims(directory);
        Claims.Claim claim = new Claims.Claim(3, "0123456789abcdef0123456789abcdef", ProcessIdentity.self());
        claims.publish(claim);
        Path pipe = directory.claims().resolve("3-ffffffffffffffffffffffffffffffff");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Files.createDirectory(directory.claims().resolve("3-eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"));
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20), () -> assertThat(claims.holders(3)).containsExactly(claim));
    }
}
