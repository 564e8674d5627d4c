package gocd.ecr.bridge;

import java.security.SecureRandom;

/** 32 random bytes that one child and we share. Prints as stars. */
final class Token {
    private static final SecureRandom RANDOM = new SecureRandom();
    private final byte[] bytes;

    private Token(byte[] bytes) {
        this.bytes = bytes;
    }

    static Token random() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return new Token(bytes);
    }

    byte[] bytes() {
        return bytes.clone();
    }

    String hex() {
        return hex(bytes);
    }

    /** The text without the token, should a child ever log it. */
    String mask(String text) {
        return text.replace(hex(), "****");
    }

    static String hex(byte[] bytes) {
        StringBuilder hex = new StringBuilder(bytes.length * 2);
        for (byte b : bytes) {
            hex.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
        }
        return hex.toString();
    }

    @Override
    public String toString() {
        return "****";
    }
}
