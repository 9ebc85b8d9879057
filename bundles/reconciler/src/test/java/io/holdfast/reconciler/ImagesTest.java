package io.holdfast.reconciler;

import static io.holdfast.pod.Container.ImagePullPolicy.Always;
import static io.holdfast.pod.Container.ImagePullPolicy.IfNotPresent;
import static io.holdfast.pod.Container.ImagePullPolicy.Never;
import static io.holdfast.reconciler.TestPods.app;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.holdfast.kit.registry.Credentials;
import io.holdfast.pod.Container;
import io.holdfast.pod.Container.ImagePullPolicy;
import io.holdfast.reconciler.Images.Answer;
import io.holdfast.runtime.RuntimeUnreachable;
import io.holdfast.testkit.FakeRuntime;

@Timeout(10)
class ImagesTest { // C9

    private static final Credentials NODE = new Credentials(List.of());

    private final FakeRuntime runtime = new FakeRuntime();
    private final Images images = new Images(2, NODE, Clock.systemUTC());
    private final AtomicInteger arrivals = new AtomicInteger();

    @AfterEach
    void close() {
        images.close();
    }

    @Test
    void whatIsHereIsNotPulled() throws InterruptedException {
        runtime.addImage("a:1");
        assertThat(get("a:1", IfNotPresent, "t")).isInstanceOfSatisfying(Answer.Present.class,
                p -> assertThat(p.pulled()).isFalse());
        assertThat(get("a:1", Never, "t")).isInstanceOf(Answer.Present.class);
        assertThat(runtime.calls()).isEmpty();
    }

    @Test
    void whatIsNotHereIsPulledInTheBackground() throws InterruptedException {
        runtime.block("pull");
        assertThat(get("a:1", IfNotPresent, "t")).isInstanceOf(Answer.Coming.class);
        assertThat(get("a:1", IfNotPresent, "t")).as("and asked again").isInstanceOf(Answer.Coming.class);
        assertThat(images.coming("t")).isPresent();
        assertThat(arrivals).hasValue(0);
        runtime.heal("pull");
        awaitArrivals(1);
        assertThat(images.coming("t")).isEmpty();
        assertThat(get("a:1", IfNotPresent, "t")).isInstanceOfSatisfying(Answer.Present.class, p -> {
            assertThat(p.pulled()).isTrue();
            assertThat(p.image().reference()).isEqualTo("a:1");
        });
        assertThat(runtime.calls()).containsExactly("pull a:1");
    }

    @Test
    void alwaysPullsOncePerStart() throws InterruptedException {
        runtime.addImage("a:1");
        for (int starts = 1; starts <= 3; starts++) {
            assertThat(get("a:1", Always, "t")).isInstanceOf(Answer.Coming.class);
            awaitArrivals(starts);
            assertThat(get("a:1", Always, "t")).isInstanceOf(Answer.Present.class);
            assertThat(runtime.calls()).hasSize(starts);
        }
    }

    @Test
    void neverDoesNotPull() throws InterruptedException {
        assertThat(get("a:1", Never, "t")).isEqualTo(new Answer.Failed("ErrImageNeverPull",
                "Container image \"a:1\" is not present with pull policy of Never"));
        assertThat(runtime.calls()).isEmpty();
    }

    @Test
    void whatIsNoReferenceIsNotEvenLookedFor() throws InterruptedException {
        assertThat(get("Not an image", Always, "t")).isEqualTo(new Answer.Failed("InvalidImageName", "Failed to apply default image"
                + " tag \"Not an image\": couldn't parse image name \"Not an image\": invalid reference format"));
        assertThat(runtime.calls()).isEmpty();
    }

    @Test
    void aRefusedPullIsAnsweredOnceAndThenTriedAgain() throws InterruptedException {
        runtime.refuse("pull", "manifest unknown");
        get("a:1", IfNotPresent, "t");
        awaitArrivals(1);
        assertThat(get("a:1", IfNotPresent, "t")).isEqualTo(new Answer.Failed("ErrImagePull", "manifest unknown"));
        runtime.heal("pull");
        assertThat(get("a:1", IfNotPresent, "t")).isInstanceOf(Answer.Coming.class);
        awaitArrivals(2);
        assertThat(get("a:1", IfNotPresent, "t")).isInstanceOf(Answer.Present.class);
    }

    @Test
    void anEngineThatGoesAwayMeanwhileIsNoFailureOfThePull() throws InterruptedException {
        runtime.block("pull");
        get("a:1", IfNotPresent, "t");
        runtime.disconnect();
        awaitArrivals(1);
        assertThat(get("a:1", IfNotPresent, "t")).isInstanceOf(Answer.Away.class);
    }

    @Test
    void anEngineThatIsAwayIsNoAnswer() {
        runtime.disconnect();
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> get("a:1", IfNotPresent, "t"))
                .isInstanceOf(RuntimeUnreachable.class);
    }

    @Test
    void soManyAtATime() throws InterruptedException {
        runtime.block("pull");
        for (int i = 0; i < 5; i++) {
            get("a:" + i, IfNotPresent, "t" + i);
        }
        await().until(() -> runtime.calls().size() == 2);
        awaitArrivals(3); // of those who wait
        runtime.heal("pull");
        awaitArrivals(3 + 3 + 5); // they go on, and all end
        assertThat(runtime.calls()).hasSize(5);
    }

    @Test
    void whoWaitsForWhatAnotherBringsDoesNotPullAgain() throws InterruptedException {
        Images oneAtATime = new Images(1, NODE, Clock.systemUTC());
        runtime.block("pull");
        oneAtATime.get(wish("a:1", IfNotPresent, "t1"));
        await().until(() -> runtime.calls().size() == 1);
        oneAtATime.get(wish("a:1", IfNotPresent, "t2"));
        await().until(() -> progress(oneAtATime, "t2").equals("image \"a:1\" waits for its turn, as 1 are pulled at a time"));
        assertThat(progress(oneAtATime, "t1")).startsWith("pulling image \"a:1\" since 20");
        runtime.heal("pull");
        awaitArrivals(4); // each has ended, and one has waited and then gone on
        assertThat(runtime.calls()).containsExactly("pull a:1");
    }

    @Test
    void whatNobodyWantsAnyMoreIsGivenUp() throws InterruptedException {
        runtime.block("pull");
        get("a:1", IfNotPresent, "default/web-n/app=a:1");
        get("a:2", IfNotPresent, "default/web-n/app=a:2");
        get("a:1", IfNotPresent, "default/web-n2/app=a:1");
        images.keepOnly(Set.of("default/web-n/app=a:2"), "default/web-n/");
        assertThat(images.coming("default/web-n/app=a:1")).isEmpty();
        assertThat(images.coming("default/web-n/app=a:2")).isPresent();
        assertThat(images.coming("default/web-n2/app=a:1")).isPresent();
        runtime.heal("pull");
        await().until(() -> images.coming("default/web-n2/app=a:1").isEmpty());
        assertThat(get("a:1", IfNotPresent, "default/web-n2/app=a:1")).isInstanceOf(Answer.Present.class);
    }

    private void awaitArrivals(int number) {
        await().until(() -> arrivals.get() == number);
    }

    private Answer get(String image, ImagePullPolicy policy, String ticket) throws InterruptedException {
        return images.get(wish(image, policy, ticket));
    }

    private Images.Wish wish(String image, ImagePullPolicy policy, String ticket) {
        return new Images.Wish(runtime, container(image, policy), ticket, List.of(), arrivals::incrementAndGet);
    }

    private static String progress(Images images, String ticket) {
        return images.coming(ticket).map(Answer.Coming::progress).orElse("");
    }

    private static Container container(String image, ImagePullPolicy policy) {
        return app().image(image, policy).made();
    }
}
