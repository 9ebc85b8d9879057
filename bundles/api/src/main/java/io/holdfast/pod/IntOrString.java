package io.holdfast.pod;

/** A port by number or by the name of a container port. */
public sealed interface IntOrString {

    record Number(int value) implements IntOrString {
    }

    record Name(String value) implements IntOrString {
    }
}
