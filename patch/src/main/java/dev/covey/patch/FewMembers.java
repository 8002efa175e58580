package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Up to {@value #MOST} members in one array. */
final class FewMembers extends Members {
    static final int MOST = 16;
    static final FewMembers NONE = new FewMembers(new Member[0]);

    private final Member[] members;

    /** Takes the array over. */
    FewMembers(Member[] members) {
        this.members = members;
    }

    private int find(String name) {
        for (int i = 0; i < members.length; i++) {
            if (members[i].getKey().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    @Nullable
    JsonNode value(String name) {
        int at = find(name);
        return at < 0 ? null : members[at].getValue();
    }

    @Override
    Members with(String name, JsonNode value) {
        int at = find(name);
        if (at >= 0) {
            Member[] changed = new Member[members.length];
            System.arraycopy(members, 0, changed, 0, members.length);
            changed[at] = new Member(members[at].getKey(), value);
            return new FewMembers(changed);
        }
        if (members.length == MOST) {
            return ManyMembers.of(Arrays.asList(members)).with(name, value);
        }
        Member[] longer = Arrays.copyOf(members, members.length + 1);
        longer[members.length] = new Member(name, value);
        return new FewMembers(longer);
    }

    @Override
    Members without(String name) {
        int at = find(name);
        Member[] rest = new Member[members.length - 1];
        System.arraycopy(members, 0, rest, 0, at);
        System.arraycopy(members, at + 1, rest, at, rest.length - at);
        return new FewMembers(rest);
    }

    @Override
    long hash() {
        long hash = 0;
        for (Member member : members) {
            hash += member.hash();
        }
        return hash;
    }

    @Override
    public int size() {
        return members.length;
    }

    @Override
    Iterator<Map.Entry<String, JsonNode>> iterator() {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < members.length;
            }

            @Override
            public Map.Entry<String, JsonNode> next() {
                if (next == members.length) {
                    throw new NoSuchElementException();
                }
                return members[next++];
            }
        };
    }
}
