package io.holdfast.manifest;

import io.holdfast.manifest.Tree.Place;

/** What is wrong in a text, before it is known what becomes of the pod. */
record Fault(Place place, String path, String message) {
}
