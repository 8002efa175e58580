package dev.covey.mesh.local;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that Agrona may use {@code jdk.internal.misc}, before any class of Agrona or Aeron is loaded.
 *
 * <p>Three ways, in this order: the package is exported already (by a flag, or by the manifest of a runnable jar); it is
 * opened now through the trusted lookup, so that a first program runs without any flag; or one sentence says which flag
 * is missing. All by reflection: a direct use of {@code sun.misc.Unsafe} is a compiler warning that nothing silences.
 */
public final class JvmAccess {
    /** The flag that makes everything here unnecessary. */
    public static final String FLAG = "--add-exports java.base/jdk.internal.misc=ALL-UNNAMED";

    /** System property; {@code flag} forbids opening the package at run time. */
    public static final String PROPERTY = "covey.jvm.access";

    private static final String PACKAGE = "jdk.internal.misc";

    private JvmAccess() {}

    /**
     * Makes sure of the access. Cheap when it is there; may be called from any thread and more than once.
     *
     * @throws MeshException JVM_ACCESS when the package is closed and may not, or cannot, be opened from here
     */
    public static void ensure() {
        if (isExported()) {
            return;
        }
        if ("flag".equals(System.getProperty(PROPERTY))) {
            throw missing("and -D" + PROPERTY + "=flag forbids opening it at run time", null);
        }
        try {
            open();
        } catch (Throwable refusedByThisJvm) {
            throw missing("and this JVM does not let it be opened at run time", refusedByThisJvm);
        }
        if (!isExported()) {
            throw missing("and opening it at run time had no effect", null);
        }
    }

    private static boolean isExported() {
        return Object.class.getModule().isExported(PACKAGE, agronaModule());
    }

    /** Agrona is on the class path beside us; its classes must not be touched to find out. */
    private static Module agronaModule() {
        return JvmAccess.class.getModule();
    }

    private static void open() throws Throwable {
        MethodHandle export = trustedLookup()
                .findVirtual(
                        Module.class, "implAddExportsToAllUnnamed", MethodType.methodType(void.class, String.class));
        export.invoke(Object.class.getModule(), PACKAGE);
    }

    private static MethodHandles.Lookup trustedLookup() throws ReflectiveOperationException {
        Class<?> unsafeClass = Class.forName("sun.misc.Unsafe");
        Field instance = unsafeClass.getDeclaredField("theUnsafe");
        instance.setAccessible(true);
        Object unsafe = instance.get(null);
        Field trusted = MethodHandles.Lookup.class.getDeclaredField("IMPL_LOOKUP");
        Object base = unsafeClass.getMethod("staticFieldBase", Field.class).invoke(unsafe, trusted);
        Object offset = unsafeClass.getMethod("staticFieldOffset", Field.class).invoke(unsafe, trusted);
        Object lookup =
                unsafeClass.getMethod("getObject", Object.class, long.class).invoke(unsafe, base, offset);
        return (MethodHandles.Lookup) lookup;
    }

    private static MeshException missing(String because, @Nullable Throwable cause) {
        return new MeshException(
                MeshCode.JVM_ACCESS,
                "java " + Runtime.version() + ": shared memory needs java.base/" + PACKAGE
                        + ", which is not exported to the class path, " + because + "; start java with " + FLAG,
                cause);
    }
}
