package io.holdfast.runtime;

/** Credentials for one registry; never logged. */
public record PullAuth(String username, String password) {

    public static final PullAuth NONE = new PullAuth("", "");

    @Override
    public String toString() {
        return this.equals(NONE) ? "PullAuth[none]" : "PullAuth[username=" + username + "]";
    }
}
