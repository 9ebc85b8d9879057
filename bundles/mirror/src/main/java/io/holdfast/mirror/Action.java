package io.holdfast.mirror;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.holdfast.pod.PodName;
import io.holdfast.source.DesiredPod;

/** One request about one pod. */
sealed interface Action {

    PodName name();

    /** What a failure of it is about: another edition or another object is worth a try at once. */
    String about();

    /** @param node the UID of the Node that is to own it */
    record Create(DesiredPod pod, String node) implements Action {

        @Override
        public PodName name() {
            return pod.name();
        }

        @Override
        public String about() {
            return MirrorObject.hash(pod) + node;
        }
    }

    /** @param why for the log */
    record Delete(PodName name, String uid, String why) implements Action {

        @Override
        public String about() {
            return uid;
        }
    }

    /**
     * @param wanted the status that is to be there
     * @param patch what has to change for that
     */
    record Patch(PodName name, String uid, ObjectNode wanted, ObjectNode patch) implements Action {

        @Override
        public String about() {
            return uid;
        }
    }
}
