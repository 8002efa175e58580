package dev.covey.mesh.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.covey.mesh.model.Search.Found;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules hold in every state of their models, and each of them is needed: without it something is found wrong. */
class ModelTest {
    @Test
    void neverAreTwoInsideTheDoorOfAMeshNorInTwoLivesOfIt() {
        assertHolds("the door", Search.in(new DoorModel(true)));
    }

    @Test
    void whoDoesNotLookWhereThePathLeadsEntersThroughADoorThatWasRemoved() {
        assertWrong("doorunlinked", Search.in(new DoorModel(false)));
    }

    @ParameterizedTest
    @EnumSource
    void aStoreGoesFromMeshToMeshAndLosesNothingAlsoWhenEveryWitnessLies(SuccessionModel.Mutant mutant) {
        Found found = Search.in(new SuccessionModel(mutant));
        if (mutant == SuccessionModel.Mutant.NONE) {
            assertHolds("succession", found);
        } else {
            assertWrong(mutant.name(), found);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStoreThatWasReplacedUnderAnOldCellIsNeverCutToIt(IdentityModel.Mutant mutant) {
        Found found = Search.in(new IdentityModel(mutant));
        if (mutant == IdentityModel.Mutant.NONE) {
            assertHolds("identity", found);
        } else {
            assertWrong(mutant.name(), found);
        }
    }

    private static void assertHolds(String what, Found found) {
        System.out.printf("model of %s: holds in all %,d states%n", what, found.states());
        assertThat(found.story()).as(what).isEmpty();
        assertThat(found.states())
                .as("a model in which next to nothing happens")
                .isGreaterThan(500);
    }

    private static void assertWrong(String mutant, Found found) {
        System.out.printf("model without %s: %s%n", mutant, found.story());
        assertThat(found.story()).as(mutant).isNotEmpty();
    }
}
