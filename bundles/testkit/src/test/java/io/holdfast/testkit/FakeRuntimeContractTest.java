package io.holdfast.testkit;

import java.nio.file.Path;

import org.junit.jupiter.api.io.TempDir;

import io.holdfast.runtime.ContainerRuntime;

/** The fake keeps what the contract promises. */
class FakeRuntimeContractTest extends ContainerRuntimeContract {

    @TempDir
    Path logs;

    private final FakeRuntime runtime = new FakeRuntime();

    @Override
    protected ContainerRuntime runtime() {
        runtime.addImage(image());
        runtime.refuse("pull " + unknownImage(), "no such host");
        return runtime;
    }

    @Override
    protected String image() {
        return "busybox:1";
    }

    @Override
    protected Path directory() {
        return logs;
    }
}
