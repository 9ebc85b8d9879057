package io.holdfast.endpoint;

import java.io.IOException;
import java.util.Collections;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.holdfast.status.Authorizer;

/** Who may ask for what: those whom the configuration lets, and those whom the API server lets, if it can be asked. */
record Access(Set<String> users, Set<String> groups, Services services) {

    private static final Logger LOG = LoggerFactory.getLogger(Access.class);

    /** @throws Refusal in the words of the kubelet */
    void check(Client client, Request request) throws Refusal, InterruptedException {
        if (users.contains(client.user()) || !Collections.disjoint(groups, client.groups())) {
            return;
        }
        String what = "(user=" + client.user() + ", verb=" + request.verb() + ", resource=nodes, subresource="
                + request.subresource() + ")";
        Authorizer authorizer = services.authorizer;
        if (authorizer == null) {
            throw new Refusal(403, "Forbidden " + what + "; it is in none of allow.users and allow.groups of "
                    + Endpoint.PID + ", and there is no API server to ask (bundle io.holdfast.mirror)");
        }
        if (!allows(authorizer, client, request, what)) {
            throw new Refusal(403, "Forbidden " + what);
        }
    }

    private static boolean allows(Authorizer authorizer, Client client, Request request, String what)
            throws Refusal, InterruptedException {
        try {
            return authorizer.allows(client.user(), client.groups(), request.verb(), request.subresource());
        } catch (IOException e) {
            LOG.debug("authorization {}", what, e);
            throw new Refusal(500, "Authorization error " + what + ": " + e.getMessage());
        }
    }
}
