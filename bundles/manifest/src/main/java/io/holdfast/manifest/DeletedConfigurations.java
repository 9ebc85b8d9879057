package io.holdfast.manifest;

import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** How a source is taken away for good, in contrast to one whose bundle is stopped (design decision 3). */
@Component
public final class DeletedConfigurations implements ConfigurationListener {

    private final Manifests manifests;

    @Activate
    public DeletedConfigurations(@Reference Manifests manifests) {
        this.manifests = manifests;
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        if (event.getType() == ConfigurationEvent.CM_DELETED) {
            try {
                manifests.withdraw(event.getPid());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
