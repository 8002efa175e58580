package dev.covey.patch;

import java.util.AbstractList;
import java.util.Collection;
import java.util.RandomAccess;

/** A list that refuses to change. */
abstract class FrozenList<T> extends AbstractList<T> implements RandomAccess {
    // AbstractList lets some changes of an empty list pass; here all are refused.

    @Override
    public void clear() {
        throw FrozenTree.refusal();
    }

    @Override
    public boolean addAll(Collection<? extends T> elements) {
        throw FrozenTree.refusal();
    }

    @Override
    public boolean addAll(int index, Collection<? extends T> elements) {
        throw FrozenTree.refusal();
    }

    @Override
    public T set(int index, T element) {
        throw FrozenTree.refusal();
    }

    @Override
    public void add(int index, T element) {
        throw FrozenTree.refusal();
    }

    @Override
    public T remove(int index) {
        throw FrozenTree.refusal();
    }

    @Override
    public boolean remove(Object element) {
        throw FrozenTree.refusal();
    }

    @Override
    public boolean removeAll(Collection<?> elements) {
        throw FrozenTree.refusal();
    }

    @Override
    public boolean retainAll(Collection<?> elements) {
        throw FrozenTree.refusal();
    }
}
