package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;

/**
 * More than a few members: slots in order of insertion, and an index from name to slot. A removed member leaves its slot
 * empty, so nothing behind it moves; once more slots are empty than full, all are numbered anew, which a removal pays
 * for only once in as many removals as there are members.
 */
@SuppressWarnings("ReferenceEquality") // GONE is one object, known by its reference
final class ManyMembers extends Members {
    private static final Member GONE = new Member("", FrozenTree.EMPTY_OBJECT);

    private final Sequence<Member> slots;
    private final HashPMap<String, Integer> index;

    private ManyMembers(Sequence<Member> slots, HashPMap<String, Integer> index) {
        this.slots = slots;
        this.index = index;
    }

    static ManyMembers of(List<Member> members) {
        HashPMap<String, Integer> index = HashTreePMap.empty();
        for (int i = 0; i < members.size(); i++) {
            index = index.plus(members.get(i).getKey(), i);
        }
        return new ManyMembers(Sequence.of(members), index);
    }

    @Override
    @Nullable
    JsonNode value(String name) {
        Integer slot = index.get(name);
        return slot == null ? null : slots.get(slot).getValue();
    }

    @Override
    Members with(String name, JsonNode value) {
        Integer slot = index.get(name);
        if (slot != null) {
            return new ManyMembers(slots.with(slot, new Member(slots.get(slot).getKey(), value)), index);
        }
        return new ManyMembers(
                slots.splice(slots.size(), 0, List.of(new Member(name, value))), index.plus(name, slots.size()));
    }

    @Override
    Members without(String name) {
        Integer slot = index.get(name);
        Sequence<Member> rest = slot == null ? slots : slots.with(slot, GONE);
        HashPMap<String, Integer> names = index.minus(name);
        if (names.size() > FewMembers.MOST / 2 && slots.size() <= 2 * names.size()) {
            return new ManyMembers(rest, names);
        }
        List<Member> left = new ArrayList<>(names.size());
        for (Member member : rest) {
            if (member != GONE) {
                left.add(member);
            }
        }
        return left.size() <= FewMembers.MOST ? new FewMembers(left.toArray(Member[]::new)) : of(left);
    }

    @Override
    long hash() {
        return slots.unorderedHash(member -> member == GONE ? 0 : member.hash());
    }

    @Override
    public int size() {
        return index.size();
    }

    @Override
    Iterator<Map.Entry<String, JsonNode>> iterator() {
        Iterator<Member> all = slots.iterator();
        return new Iterator<>() {
            private int left = ManyMembers.this.size();

            @Override
            public boolean hasNext() {
                return left > 0;
            }

            @Override
            public Map.Entry<String, JsonNode> next() {
                if (left == 0) {
                    throw new NoSuchElementException();
                }
                left--;
                Member member = all.next();
                while (member == GONE) {
                    member = all.next();
                }
                return member;
            }
        };
    }
}
