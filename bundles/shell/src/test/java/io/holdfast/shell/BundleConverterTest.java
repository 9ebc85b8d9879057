package io.holdfast.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;

import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

final class BundleConverterTest {

    private final Bundle shell = proxy(Bundle.class, 11L, "io.holdfast.shell");
    private final BundleConverter converter = new BundleConverter(
            proxy(BundleContext.class, new Bundle[] {shell}, ""));

    @Test
    void a_bundle_is_found_by_its_number_or_its_name() {
        assertThat(converter.convert(Bundle.class, 11L)).isSameAs(shell);
        assertThat(converter.convert(Bundle.class, "io.holdfast.shell")).isSameAs(shell);
    }

    @Test
    void everything_else_is_left_to_gogo() {
        assertThat(converter.convert(Bundle.class, "12")).isNull();
        assertThat(converter.convert(String.class, "11")).isNull();
    }

    /** A thing with a number, or bundles, and a name. */
    private static <T> T proxy(Class<T> type, Object value, String name) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
                (_, method, _) -> method.getReturnType() == String.class ? name : value));
    }
}
