package io.holdfast.launcher;

import java.util.Objects;

import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.log.LogService;

/** A log for each bundle that asks for one. */
final class LogFactory implements ServiceFactory<LogService> {

    @Override
    public LogService getService(Bundle bundle, ServiceRegistration<LogService> registration) {
        return new Log(nameOf(bundle));
    }

    @Override
    public void ungetService(Bundle bundle, ServiceRegistration<LogService> registration, LogService service) {
        // nothing to give back
    }

    static String nameOf(Bundle bundle) {
        return Objects.requireNonNullElse(bundle.getSymbolicName(), bundle.getLocation());
    }
}
