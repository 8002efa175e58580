package dev.covey.rpc;

import dev.covey.mesh.Member;
import dev.covey.mesh.Mesh;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;

/** Chooses which member a call goes to. */
final class Route {
    private final Mesh mesh;
    private final Directory directory;
    private final Map<Long, Load> loads = new ConcurrentHashMap<>();
    private final AtomicInteger turn = new AtomicInteger();

    Route(Mesh mesh, Directory directory) {
        this.mesh = mesh;
        this.directory = directory;
    }

    Load load(long member) {
        return loads.computeIfAbsent(member, unused -> new Load());
    }

    void forget(long member) {
        loads.remove(member);
    }

    /**
     * Who is called.
     *
     * @throws RpcException NO_SUCH_SERVICE
     */
    long choose(String service, Target target) {
        long[] providers = directory.providers(service);
        if (target instanceof Target.LeastBusy && providers.length > 0) {
            return leastBusy(providers);
        }
        long[] fitting = fitting(providers, target);
        if (fitting.length == 0) {
            throw nobody(service, target, providers);
        }
        return fitting.length == 1 ? fitting[0] : fitting[Math.floorMod(turn.getAndIncrement(), fitting.length)];
    }

    private long leastBusy(long[] providers) {
        int first = Math.floorMod(turn.getAndIncrement(), providers.length);
        long best = providers[first];
        for (int i = 1; i < providers.length; i++) {
            long next = providers[(first + i) % providers.length];
            if (load(next).estimate() < load(best).estimate()) {
                best = next;
            }
        }
        return best;
    }

    private long[] fitting(long[] providers, Target target) {
        if (target instanceof Target.OfMember one) {
            return only(providers, member -> member == one.number());
        }
        if (target instanceof Target.Host) {
            long host = mesh.host().map(Member::number).orElse(0L);
            return only(providers, member -> member == host);
        }
        if (target instanceof Target.OfRole role) {
            return only(providers, member -> hasRole(member, role.role()));
        }
        return providers;
    }

    private boolean hasRole(long number, String role) {
        return mesh.members().stream()
                .anyMatch(member -> member.number() == number && member.roles().contains(role));
    }

    private static long[] only(long[] members, LongPredicate fits) {
        return Arrays.stream(members).filter(fits).toArray();
    }

    private static RpcException nobody(String service, Target target, long[] providers) {
        String found = providers.length == 0
                ? "no living member serves it"
                : "members " + Arrays.toString(providers) + " serve it, and " + target + " is asked for";
        return new RpcException(
                RpcCode.NO_SUCH_SERVICE, service + ": " + found + "; rpc.services() lists what there is");
    }
}
