package io.holdfast.kit.tls;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.spec.InvalidKeySpecException;

/** Elliptic curve keys as openssl and kubeadm write them (RFC 5915), made what the JDK reads (RFC 5208). */
final class Sec1 {

    private static final int INTEGER = 0x02;
    private static final int OCTETS = 0x04;
    private static final int SEQUENCE = 0x30;
    private static final int CURVE = 0xA0;
    /** id-ecPublicKey, 1.2.840.10045.2.1. */
    private static final byte[] ALGORITHM = {0x06, 0x07, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 0x02, 0x01};

    private Sec1() {
    }

    /** @throws GeneralSecurityException it is damaged, or does not say which curve it is on */
    static byte[] toPkcs8(byte[] key) throws GeneralSecurityException {
        try {
            ByteBuffer fields = ByteBuffer.wrap(content(SEQUENCE, ByteBuffer.wrap(key)));
            content(INTEGER, fields);
            content(OCTETS, fields);
            byte[] curve = content(CURVE, fields);
            return block(SEQUENCE, block(INTEGER, new byte[1]), block(SEQUENCE, ALGORITHM, curve), block(OCTETS, key));
        } catch (BufferUnderflowException e) {
            throw new InvalidKeySpecException("it ends early", e);
        }
    }

    private static byte[] content(int tag, ByteBuffer in) throws InvalidKeySpecException {
        if (Byte.toUnsignedInt(in.get()) != tag) {
            throw new InvalidKeySpecException("not an EC key with a named curve");
        }
        int length = Byte.toUnsignedInt(in.get());
        if (length > 0x82) {
            throw new InvalidKeySpecException("longer than any key");
        }
        if (length >= 0x80) {
            int bytes = length - 0x80;
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << 8 | Byte.toUnsignedInt(in.get());
            }
        }
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] content = new byte[length];
        in.get(content);
        return content;
    }

    private static byte[] block(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.write(tag);
        if (content.size() >= 0x80) {
            block.write(0x82);
            block.write(content.size() >> 8);
        }
        block.write(content.size());
        block.writeBytes(content.toByteArray());
        return block.toByteArray();
    }
}
