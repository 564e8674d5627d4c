package gocd.ecr.bridge;

/** A child was ended by a signal: GoCD's cancel, which reaches us in no other way (GoCD's issue #2640). */
final class Cancelled extends BridgeFailure {
    Cancelled(String message) {
        super(message);
    }
}
