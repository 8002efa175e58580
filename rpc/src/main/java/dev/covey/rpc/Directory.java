package dev.covey.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.covey.mesh.Member;
import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshListener;
import dev.covey.mesh.Observation;
import dev.covey.mesh.SharedObject;
import dev.covey.patch.Patch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who serves what, as all members have it: object {@value #OBJECT} holds an ephemeral entry for each member that serves
 * something, by its number, which goes with the member. In it stand the names, with their signatures.
 */
final class Directory implements AutoCloseable {
    static final String OBJECT = "covey.services";
    private static final long[] NOBODY = {};

    private final Mesh mesh;
    private final SharedObject object;
    private final Map<String, String> own = new TreeMap<>();
    private final Observation listening;
    private volatile Snapshot snapshot = new Snapshot(JsonNodeFactory.instance.objectNode());
    private long announcedAs;

    /** The object at one revision, turned inside out. */
    private static final class Snapshot {
        private final JsonNode value;
        private final Map<String, long[]> providers = new HashMap<>();

        private Snapshot(JsonNode value) {
            this.value = value;
            value.properties().forEach(entry -> {
                long member = Long.parseLong(entry.getKey());
                entry.getValue()
                        .fieldNames()
                        .forEachRemaining(name -> providers.merge(name, new long[] {member}, Snapshot::joined));
            });
        }

        private static long[] joined(long[] some, long[] more) {
            long[] all = Arrays.copyOf(some, some.length + 1);
            all[some.length] = more[0];
            return all;
        }
    }

    Directory(Mesh mesh) {
        this.mesh = mesh;
        this.object = mesh.object(OBJECT);
        this.listening = mesh.listen(new MeshListener() {
            @Override
            public void joined(Member member) {
                rejoined(member);
            }
        });
    }

    /** Tells everybody; returns when it is recorded. */
    synchronized void announce(Map<String, String> signatures) {
        own.putAll(signatures);
        long self = mesh.self().number();
        if (announcedAs != self) {
            announceAll(self);
        } else {
            Patch patch = null;
            for (Map.Entry<String, String> each : signatures.entrySet()) {
                Patch set = Patch.set(path(self, each.getKey()), each.getValue());
                patch = patch == null ? set : patch.and(set);
            }
            if (patch != null) {
                object.patch(patch).join();
            }
        }
    }

    private void announceAll(long self) {
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        own.forEach(entry::put);
        object.ephemeral("/" + self, entry).join();
        announcedAs = self;
    }

    /** Takes names back; returns when it is recorded. */
    synchronized void withdraw(Iterable<String> names) {
        Patch patch = null;
        for (String name : names) {
            if (own.remove(name) != null && announcedAs == mesh.self().number()) {
                Patch unset = Patch.unset(path(announcedAs, name));
                patch = patch == null ? unset : patch.and(unset);
            }
        }
        if (patch != null) {
            object.patch(patch).join();
        }
    }

    /** A member that was declared dead while it lived comes back under another number, and its entry is gone. */
    private synchronized void rejoined(Member member) {
        if (announcedAs != 0
                && member.number() != announcedAs
                && member.number() == mesh.self().number()) {
            announceAll(member.number());
        }
    }

    private static String path(long member, String name) {
        return "/" + member + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    @SuppressWarnings("ReferenceEquality") // values are frozen: the same one, or another revision's
    private Snapshot snapshot() {
        Snapshot now = snapshot;
        JsonNode value = object.value();
        if (now.value != value) {
            now = new Snapshot(value);
            snapshot = now;
        }
        return now;
    }

    /** Numbers of the members that serve a name, ascending. */
    long[] providers(String name) {
        return snapshot().providers.getOrDefault(name, NOBODY);
    }

    List<ServiceInfo> services() {
        Map<Long, Member> members = new HashMap<>();
        mesh.members().forEach(member -> members.put(member.number(), member));
        List<ServiceInfo> services = new ArrayList<>();
        object.value().properties().forEach(entry -> {
            Member owner = members.get(Long.parseLong(entry.getKey()));
            if (owner != null) {
                entry.getValue()
                        .properties()
                        .forEach(service -> services.add(new ServiceInfo(
                                service.getKey(), service.getValue().asText(), owner)));
            }
        });
        return services;
    }

    @Override
    public void close() {
        listening.close();
    }
}
