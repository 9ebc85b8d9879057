package io.holdfast.kit.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Finds lines of a file from its end on, block by block, without reading what is before. */
final class LineEnds {

    private static final int BLOCK = 64 * 1024;
    /** Enough of a line to tell whether it ends an entry: time, stream and tag. */
    private static final int HEAD = 64;

    private final FileChannel channel;
    private ByteBuffer block = ByteBuffer.allocate(0);
    private long start;

    LineEnds(FileChannel channel) {
        this.channel = channel;
    }

    /** Where the last line that is complete before {@code end} ends, or 0. */
    long before(long end) throws IOException {
        long at = end;
        while (at > 0 && at(at - 1) != '\n') {
            at--;
        }
        return at;
    }

    /** The beginning of the line from there to there. */
    byte[] head(long from, long to) throws IOException {
        byte[] head = new byte[(int) Math.min(HEAD, to - from)];
        for (int i = 0; i < head.length; i++) {
            head[i] = at(from + i);
        }
        return head;
    }

    private byte at(long position) throws IOException {
        if (position < start || position >= start + block.limit()) {
            start = Math.max(0, position + HEAD - BLOCK);
            block = ByteBuffer.allocate(BLOCK);
            while (block.hasRemaining() && channel.read(block, start + block.position()) > 0) {
                // until it is full or the file ends
            }
            block.flip();
        }
        return block.get((int) (position - start));
    }
}
