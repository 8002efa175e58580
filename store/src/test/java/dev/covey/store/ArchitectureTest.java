package dev.covey.store;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses STORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.covey.store");

    @Test
    void onlyTheLocalDiskTouchesFiles() {
        noClasses()
                .that()
                .haveSimpleNameNotStartingWith("Local")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.nio\\.file\\.Files|java\\.nio\\.channels\\..*|java\\.io\\..*(File|Stream)(?<!ByteArrayOutputStream)")
                .check(STORE);
    }

    @Test
    void theStoreKnowsNothingOfTheMesh() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.covey.mesh..", "dev.covey.rpc..", "io.aeron..", "org.agrona..")
                .check(STORE);
    }
}
