package dev.covey.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreImportTest {
    private static final String A = "a".repeat(32);
    private static final String B = "b".repeat(32);

    @TempDir
    Path temporary;

    @Test
    void aFolderOfMultiprocessStoreComesInWithItsHistoryAndItsConflicts() throws IOException {
        Path folder = Files.createDirectories(temporary.resolve("old/user-1"));
        Files.writeString(folder.resolve("0-" + A), "{\"_id\":\"user-1\",\"name\":\"Alice\"}");
        Files.writeString(folder.resolve("1-" + A), "{\"_id\":\"user-1\",\"_rev\":\"0-" + A + "\",\"name\":\"Bob\"}");
        Files.writeString(folder.resolve("1-" + B), "{\"_id\":\"user-1\",\"name\":\"Carol\"}");
        ObjectStore store = ObjectStore.open(temporary.resolve("store"));
        assertThat(store.importFrom(temporary.resolve("old"))).isEqualTo(3);
        assertThat(store.importFrom(temporary.resolve("old"))).isZero();
        StoredObject newest = store.get("user-1").orElseThrow();
        assertThat(newest.rev()).isEqualTo("2-" + B);
        assertThat(newest.value().toString()).isEqualTo("{\"name\":\"Carol\"}");
        assertThat(store.conflicts("user-1").get(0).object().rev()).isEqualTo("2-" + A);
        assertThat(store.at("user-1", 1).orElseThrow().value().get("name").asText())
                .isEqualTo("Alice");
    }

    @Test
    void aMemSyncFileComesInAsOneRevision() throws IOException {
        Path file = temporary.resolve("settings.json");
        Files.writeString(file, "{\"data\":{\"colour\":\"red\"},\"version\":12,\"timestamp\":1700000000000}");
        ObjectStore store = ObjectStore.open(temporary.resolve("store"));
        assertThat(store.importFrom(file)).isEqualTo(1);
        assertThat(store.importFrom(file)).isZero();
        StoredObject found = store.get("settings").orElseThrow();
        assertThat(found.revision()).isEqualTo(12);
        assertThat(found.value().get("colour").asText()).isEqualTo("red");
    }

    @Test
    void whatIsNeitherIsRefusedByItsName() throws IOException {
        ObjectStore store = ObjectStore.open(temporary.resolve("store"));
        Path file = Files.writeString(temporary.resolve("notes.txt"), "dear diary");
        assertThatThrownBy(() -> store.importFrom(file)).hasMessageContaining("notes.txt: not JSON");
        Files.writeString(file, "{\"a\":1}");
        assertThatThrownBy(() -> store.importFrom(file)).hasMessageContaining("CORRUPT");
    }
}
