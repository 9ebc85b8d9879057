package io.holdfast.reconciler;

import io.holdfast.pod.Pod;

/** A pod's host name: at most 63 characters, as a DNS label must be (behaviour G4). */
final class Hostname {

    private static final int MOST = 63;

    private Hostname() {
    }

    static String of(Pod pod) {
        String name = pod.spec().hostname() == null ? pod.metadata().name() : pod.spec().hostname();
        String cut = name.length() > MOST ? name.substring(0, MOST) : name;
        return cut.replaceAll("[-.]+$", "");
    }
}
