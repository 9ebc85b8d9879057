package io.holdfast.endpoint;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

import io.holdfast.status.Authorizer;
import io.holdfast.status.PodStatuses;
import io.holdfast.status.Publication;

/** The agent's services as they come and go: who follows a log is not to notice that the reconciler is updated. */
@Component(service = Services.class)
public final class Services {

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable PodStatuses statuses;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Authorizer authorizer;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile List<Map.Entry<Map<String, Object>, Publication>> publications = List.of();

    PodStatuses statuses() throws Refusal {
        PodStatuses present = statuses;
        if (present == null) {
            throw new Refusal(503, "the reconciler is not running (bundle io.holdfast.reconciler)");
        }
        return present;
    }
}
