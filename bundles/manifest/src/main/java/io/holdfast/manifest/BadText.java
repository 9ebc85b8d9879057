package io.holdfast.manifest;

import io.holdfast.manifest.Tree.Place;

/** From here on the text cannot be read; what the user wrote is at fault. */
final class BadText extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Place place;

    BadText(Place place, String message) {
        super(message, null, false, false);
        this.place = place;
    }

    Fault fault() {
        return new Fault(place, "", String.valueOf(getMessage()));
    }
}
