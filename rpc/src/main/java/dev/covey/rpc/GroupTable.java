package dev.covey.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.mesh.Ephemeral;
import dev.covey.mesh.Mesh;
import dev.covey.mesh.SharedObject;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * Who is in which group: entries of the object {@code covey.groups} that go with their owner, {@code /GROUP/MEMBER-N} with
 * the pattern as value. So every publisher knows at once who comes and who dies.
 */
final class GroupTable {
    static final String OBJECT = "covey.groups";

    private final SharedObject object;
    private final Mesh mesh;
    private long revision;
    private Map<String, NavigableMap<Long, NavigableSet<String>>> groups = Map.of();

    GroupTable(Mesh mesh) {
        this.mesh = mesh;
        this.object = mesh.object(OBJECT);
        this.revision = object.revision();
        this.groups = parsed(object.value());
    }

    SharedObject object() {
        return object;
    }

    /** Says that this member has such a subscription; done when all members can know. */
    CompletableFuture<Ephemeral> announce(String group, long serial, TopicPattern pattern) {
        return object.ephemeral("/" + group + "/" + mesh.self().number() + "-" + serial, pattern.toString());
    }

    /** By group, the members who want that topic. */
    synchronized NavigableMap<String, NavigableSet<Long>> wanting(String topic) {
        if (object.revision() != revision) {
            revision = object.revision();
            groups = parsed(object.value());
        }
        NavigableMap<String, NavigableSet<Long>> found = new TreeMap<>();
        groups.forEach((group, members) -> members.forEach((member, patterns) -> {
            if (patterns.stream().anyMatch(pattern -> TopicPattern.of(pattern).matches(topic))) {
                found.computeIfAbsent(group, unused -> new TreeSet<>()).add(member);
            }
        }));
        return found;
    }

    private static Map<String, NavigableMap<Long, NavigableSet<String>>> parsed(JsonNode value) {
        Map<String, NavigableMap<Long, NavigableSet<String>>> all = new TreeMap<>();
        value.properties().forEach(group -> {
            NavigableMap<Long, NavigableSet<String>> members = new TreeMap<>();
            group.getValue().properties().forEach(entry -> {
                String name = entry.getKey();
                long member = Long.parseLong(name.substring(0, name.indexOf('-')));
                members.computeIfAbsent(member, unused -> new TreeSet<>())
                        .add(entry.getValue().asText());
            });
            if (!members.isEmpty()) {
                all.put(group.getKey(), members);
            }
        });
        return all;
    }
}
