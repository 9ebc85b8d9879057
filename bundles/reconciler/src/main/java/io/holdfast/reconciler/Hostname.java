package io.holdfast.reconciler;

import java.io.IOException;

import io.holdfast.pod.Pod;

/** A pod's host name: at most 63 characters, as a DNS label must be (behaviour G4). */
final class Hostname {

    private static final int MOST = 63;
    private static final int MOST_OF_KERNEL = 64;
    private static final String CLUSTER = "cluster.local"; // what clusters are called unless somebody says otherwise

    private Hostname() {
    }

    static String of(Pod pod) {
        String wanted = pod.spec().hostname();
        String name = wanted == null || wanted.isEmpty() ? pod.metadata().name() : wanted;
        String cut = name.length() > MOST ? name.substring(0, MOST) : name;
        return cut.replaceAll("[-.]+$", "");
    }

    /** With its domain, if it has a subdomain. */
    static String full(Pod pod) {
        String subdomain = pod.spec().subdomain();
        return subdomain == null || subdomain.isEmpty() ? of(pod)
                : String.join(".", of(pod), subdomain, pod.metadata().namespace(), "svc", CLUSTER);
    }

    /**
     * What {@code hostname} says in it.
     *
     * @throws IOException it is to be the full name, and that is too long
     */
    static String kernel(Pod pod) throws IOException {
        if (!pod.spec().setHostnameAsFQDN()) {
            return of(pod);
        }
        String full = full(pod);
        if (full.length() > MOST_OF_KERNEL) {
            throw new IOException("setHostnameAsFQDN: the name " + full + " has " + full.length() + " characters, and "
                    + MOST_OF_KERNEL + " is the most; use a shorter hostname, subdomain or namespace");
        }
        return full;
    }
}
