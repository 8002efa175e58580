package dev.covey.mesh.local;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import dev.covey.mesh.local.ClaimText.Closing;
import dev.covey.mesh.local.StoreClaim.Owner;
import dev.covey.mesh.protocol.Cell;
import dev.covey.mesh.protocol.Wire;
import dev.covey.store.StoreMembers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a store goes from one owner to the next (rule C7). Its claimer has made its own file in the store before, and does:
 *
 * <ol>
 *   <li>Refuse while anybody who is named there is not proven dead, or the lock is held.
 *   <li>Note in the claim the former owner and the value of its commit cell.
 *   <li>Move exactly that value to CLOSED by compare-and-set. If it is another by now, that mesh lives: the claim is taken
 *       back and refused. From here on no member of it commits anything, however wrong the verdict was.
 *   <li>Carry its journal up to that value into the store.
 *   <li>Write the claim without the former owner. Only now does the claimer's mesh begin.
 * </ol>
 *
 * Whoever is killed in between leaves a claim that says so. It counts once the former cell is CLOSED: then the next one goes
 * on with step 4. Before, the former owner is the owner still.
 */
final class Succession {
    private final Path store;
    private final LockFile file;
    private final Witnesses witnesses;
    private final String identity;

    Succession(Path store, LockFile file, Witnesses witnesses, String identity) {
        this.store = store;
        this.file = file;
        this.witnesses = witnesses;
        this.identity = identity;
    }

    /** Makes that the owner, or finds that it is. Returns whether the last claim is of another boot, or there is none. */
    boolean claim(Owner owner, StoreMembers members, StoreMembers.Place own, Heir heir) throws IOException {
        Optional<ClaimText> written = written();
        Optional<ClaimText> before = written.map(text -> standing(text, heir));
        boolean ours = before.map(text -> text.owner().isSameMeshAs(owner)).orElse(false);
        requireNobodyElse(owner, before, ours, witnesses.living(members, own));
        if (ours) {
            if (!before.equals(written)) {
                write(owner, null);
            }
            return false;
        }
        boolean otherBoot = written.map(last -> !last.owner().bootId().equals(owner.bootId()))
                .orElse(true);
        Optional<ClaimText> here = before.filter(this::speaksOfThisStore);
        if (here.isPresent()) {
            settle(here.get(), owner, heir);
        }
        write(otherBoot ? owner.unsettled() : owner, null);
        return otherBoot;
    }

    /** Goes on where a claimer died that had closed that life; nothing if there is nothing to carry any more. */
    void finish(LifeId former, Heir heir) throws IOException {
        Optional<ClaimText> before = written().filter(this::speaksOfThisStore).map(text -> standing(text, heir));
        Closing closing = before.map(ClaimText::closing).orElse(null);
        if (before.isPresent() && closing != null && closing.former().lifeId().equals(former)) {
            settle(before.get(), before.get().owner(), heir);
            write(before.get().owner(), null);
        }
    }

    /** Who owns the store by that text, if a claimer that died before it closed the former cell counts as none. */
    static Owner ownerBy(ClaimText text) {
        Closing closing = text.closing();
        if (closing == null) {
            return text.owner();
        }
        try {
            return ControlFile.open(MeshDirectory.at(closing.former().meshDirectory()), Wire.VERSION)
                            .filter(control ->
                                    control.lifeId().equals(closing.former().lifeId()))
                            .filter(control -> control.cell() != Cell.CLOSED)
                            .isPresent()
                    ? closing.former()
                    : text.owner();
        } catch (MeshException unreadable) {
            return text.owner();
        }
    }

    private Optional<ClaimText> written() throws IOException {
        return ClaimText.newest(file.text());
    }

    private void write(Owner owner, @org.jspecify.annotations.Nullable Closing closing) throws IOException {
        ClaimText next = ClaimText.after(written(), owner, identity, closing);
        file.write(next.offset(), next.text());
    }

    /** A copy of a store, or one that was restored elsewhere, has the text of another one along. */
    private boolean speaksOfThisStore(ClaimText text) {
        return text.store().isEmpty() || text.store().equals(identity);
    }

    /** What a claim that was under way when its claimer died comes to. */
    private ClaimText standing(ClaimText text, Heir heir) {
        Closing closing = text.closing();
        if (closing == null) {
            return text;
        }
        Optional<ControlFile> control = control(closing.former(), heir);
        boolean closed = control.isPresent() && control.get().cell() == Cell.CLOSED;
        Owner owner = control.isPresent() && !closed ? closing.former() : text.owner();
        return new ClaimText(text.sequence(), owner, text.store(), closed ? closing : null);
    }

    private void requireNobodyElse(
            Owner owner, Optional<ClaimText> before, boolean ours, List<StoreMembers.Member> living)
            throws IOException {
        for (StoreMembers.Member member : living) {
            if (!member.life().equals(owner.lifeId().text())) {
                throw StoreClaim.inUse(store, nameOf(before, member));
            }
        }
        if (!ours && !witnesses.isFree(file, StoreClaim.MEMBERS_BYTE)) {
            throw StoreClaim.inUse(
                    store,
                    before.map(text -> text.owner().meshDirectory().toString()).orElse("with an unreadable claim"));
        }
    }

    private static String nameOf(Optional<ClaimText> before, StoreMembers.Member member) {
        return before.filter(text -> text.owner().lifeId().text().equals(member.life()))
                .map(text -> text.owner().meshDirectory() + " (" + member + ")")
                .orElse("of " + member);
    }

    private void settle(ClaimText before, Owner owner, Heir heir) throws IOException {
        Closing begun = before.closing();
        Owner former = begun == null ? before.owner() : begun.former();
        Optional<ControlFile> control = control(former, heir);
        if (control.isEmpty() || (begun == null && control.get().cell() == Cell.CLOSED)) {
            return;
        }
        MeshDirectory directory = MeshDirectory.at(former.meshDirectory());
        long cell = begun == null ? control.get().cell() : begun.cell();
        Heir.Estate estate = new Heir.Estate(store, directory, control.get(), cell);
        if (begun == null) {
            close(estate, former, owner, heir);
        }
        carried(estate, heir, () -> heir.carry(estate));
    }

    private void close(Heir.Estate estate, Owner former, Owner owner, Heir heir) throws IOException {
        if (witnesses.anybodyLives(estate.directory())) {
            throw StoreClaim.inUse(store, former.meshDirectory().toString());
        }
        carried(estate, heir, () -> heir.check(estate));
        write(owner, new Closing(former, estate.cell()));
        if (!estate.control().compareAndSetCell(estate.cell(), Cell.CLOSED)) {
            write(former, null);
            throw StoreClaim.inUse(store, former.meshDirectory() + ", whose commit cell has moved");
        }
    }

    /** The control file of that life; empty if it is gone, with a reboot or by hand, or another life has its name. */
    private Optional<ControlFile> control(Owner former, Heir heir) {
        MeshDirectory directory = MeshDirectory.at(former.meshDirectory());
        Optional<ControlFile> found;
        try {
            found = ControlFile.open(directory, Wire.VERSION);
        } catch (MeshException unreadable) {
            throw cannotBeCarried(directory, heir, unreadable);
        }
        return found.filter(control -> control.lifeId().equals(former.lifeId()));
    }

    private void carried(Heir.Estate estate, Heir heir, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException failed) {
            throw cannotBeCarried(estate.directory(), heir, failed);
        }
    }

    private MeshException cannotBeCarried(MeshDirectory former, Heir heir, RuntimeException why) {
        return new MeshException(
                MeshCode.STORE_IN_USE,
                store + ": this store belonged to mesh " + former.name() + " in " + former.path()
                        + ", whose members are dead and whose last records cannot be carried into it ("
                        + why.getMessage() + "); mend that and try again, or give them up with "
                        + heir.givingUp(former),
                why);
    }
}
