package io.holdfast.manifest;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;

/**
 * One spelling for each character, because UIDs are hashes of it: short escapes for newline and tab alone; numbers for
 * other control characters, for line ends of Unicode, and for surrogates, which may stand alone and are no UTF-8 then.
 */
final class JsonEscapes extends CharacterEscapes {

    private static final long serialVersionUID = 1;

    private final int[] ascii = standardAsciiEscapesForJSON();

    JsonEscapes() {
        for (char c : new char[] { '\b', '\f', '\r' }) {
            ascii[c] = ESCAPE_STANDARD;
        }
    }

    @Override
    public int[] getEscapeCodesForAscii() {
        return ascii.clone();
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int c) {
        boolean escaped = c == '\u2028' || c == '\u2029' || Character.isSurrogate((char) c);
        return escaped ? new SerializedString("\\u" + Integer.toHexString(c)) : null;
    }
}
