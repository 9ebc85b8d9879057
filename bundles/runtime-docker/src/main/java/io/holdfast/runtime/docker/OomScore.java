package io.holdfast.runtime.docker;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How eagerly the kernel ends a process when memory runs out. Only who has CAP_SYS_RESOURCE may make it less eager, and
 * where the whole machine lacks that, as in some containers, no process would start that is to be spared.
 */
final class OomScore {

    private static final int CAP_SYS_RESOURCE = 24;
    private static final String BOUNDING_SET = "CapBnd:";

    private OomScore() {
    }

    /** The score that was wanted, or the least that there can be here. */
    static int possible(int wanted) {
        try {
            return possible(wanted, Files.readAllLines(Path.of("/proc/self/status")),
                    Files.readString(Path.of("/proc/self/oom_score_adj")));
        } catch (IOException e) { // then the kernel will say
            return wanted;
        }
    }

    /**
     * @param status the bounding set in it holds for all that were started here, the Engine among them
     * @param own score of this process
     */
    static int possible(int wanted, List<String> status, String own) {
        boolean any = status.stream().filter(line -> line.startsWith(BOUNDING_SET)).allMatch(
                line -> new BigInteger(line.substring(BOUNDING_SET.length()).strip(), 16).testBit(CAP_SYS_RESOURCE));
        return any ? wanted : Math.max(wanted, Integer.parseInt(own.strip()));
    }
}
