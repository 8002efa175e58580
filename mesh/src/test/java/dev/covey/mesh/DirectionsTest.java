package dev.covey.mesh;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.HashMap;
import java.util.HashSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may know whom in this module. A line that breaks one of these sentences belongs into another package. */
class DirectionsTest {
    private static final String FACE = "dev.covey.mesh";
    private static final String CORE = "dev.covey.mesh.core..";
    private static final String PROTOCOL = "dev.covey.mesh.protocol..";
    private static final String LOCAL = "dev.covey.mesh.local..";
    private static final String AERON = "dev.covey.mesh.aeron..";
    private static final String AGENT = "dev.covey.mesh.agent..";
    private static final String STORE = "dev.covey.store..";
    private static final String PATCH = "dev.covey.patch..";

    private static JavaClasses mesh;

    @BeforeAll
    static void read() {
        // Names are enough to tell who knows whom; reading the whole JDK for it takes ten times as long.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        mesh = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.covey.mesh");
    }

    /** Of the store the machine's files know only who lives, which both rooms ask. */
    private static final DescribedPredicate<JavaClass> STORE_BUT_PROCESSES = JavaClass.Predicates.resideInAPackage(
                    STORE)
            .and(DescribedPredicate.not(
                    HasName.Predicates.nameMatching(".*\\.(ProcessIdentity|StoreMembers)(\\$.*)?")));

    private static void holds(ArchRule rule) {
        rule.check(mesh);
    }

    @Test
    void aeronIsImportedInOnePackageOnly() {
        holds(noClasses()
                .that()
                .resideOutsideOfPackage(AERON)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.aeron.."));
    }

    @Test
    void theMachineAndItsMessagesKnowNoFileSocketThreadOrLock() {
        holds(noClasses()
                .that()
                .resideInAnyPackage(CORE, PROTOCOL)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io..",
                        "java.net..",
                        "java.nio.file..",
                        "java.nio.channels..",
                        "java.util.concurrent..",
                        "java.util.logging..",
                        "org.agrona.."));
        holds(noClasses()
                .that()
                .resideInAnyPackage(CORE, PROTOCOL)
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class));
    }

    @Test
    void theMachineAndItsMessagesKnowNoClockChanceOrLogger() {
        holds(noClasses()
                .that()
                .resideInAnyPackage(CORE, PROTOCOL)
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "getLogger", String.class));
        holds(noClasses()
                .that()
                .resideInAnyPackage(CORE, PROTOCOL)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.time..", "java.util.random..", "java.security.."));
        holds(noClasses()
                .that()
                .resideInAnyPackage(CORE, PROTOCOL)
                .should()
                .dependOnClassesThat()
                .areAssignableTo(java.util.Random.class));
    }

    @Test
    void theMachineKeepsNothingInAnOrderThatHashesDecide() {
        holds(noClasses()
                .that()
                .resideInAPackage(CORE)
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(HashMap.class, HashSet.class));
    }

    @Test
    void theMachineKnowsMessagesAndPatchesOnly() {
        holds(noClasses()
                .that()
                .resideInAPackage(CORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(LOCAL, AERON, AGENT, STORE));
    }

    @Test
    void messagesKnowNobodyWhoSendsThem() {
        holds(noClasses()
                .that()
                .resideInAPackage(PROTOCOL)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CORE, LOCAL, AERON, AGENT, STORE));
    }

    @Test
    void theMachinesFilesAndItsTransportDoNotKnowEachOther() {
        holds(noClasses()
                .that()
                .resideInAPackage(LOCAL)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CORE, AERON, AGENT, PATCH)
                .orShould()
                .dependOnClassesThat(STORE_BUT_PROCESSES));
        holds(noClasses()
                .that()
                .resideInAPackage(AERON)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CORE, LOCAL, AGENT, STORE, PATCH));
    }

    @Test
    void onlyTheAgentJoinsThem() {
        holds(classes()
                .that()
                .resideInAnyPackage(LOCAL, AERON)
                .should()
                .onlyHaveDependentClassesThat()
                .resideInAnyPackage(LOCAL, AERON, AGENT));
        holds(classes()
                .that()
                .resideInAPackage(AGENT)
                .should()
                .onlyHaveDependentClassesThat()
                .resideInAnyPackage(AGENT, FACE));
    }
}
