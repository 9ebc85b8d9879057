package io.holdfast.shell;

import java.util.Arrays;

import org.apache.felix.service.command.Converter;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Lets Felix's own commands take a bundle by its number or symbolic name: {@code stop 5}, {@code update
 * io.holdfast.shell}. Gogo leaves this to its terminal bundle, which need not be there.
 */
@Component(service = Converter.class, property = "osgi.converter.classes=org.osgi.framework.Bundle")
public final class BundleConverter implements Converter {

    private final BundleContext context;

    @Activate
    public BundleConverter(BundleContext context) {
        this.context = context;
    }

    /** @return null for what is not a bundle's number or name, as Gogo wants it */
    @Override
    public @Nullable Object convert(Class<?> wanted, Object typed) {
        if (wanted != Bundle.class) {
            return null;
        }
        String text = typed.toString();
        return Arrays.stream(context.getBundles())
                .filter(bundle -> text.equals(Long.toString(bundle.getBundleId()))
                        || text.equals(bundle.getSymbolicName()))
                .findFirst().orElse(null);
    }

    @Override
    public @Nullable CharSequence format(Object value, int level, Converter converter) {
        return null;
    }
}
