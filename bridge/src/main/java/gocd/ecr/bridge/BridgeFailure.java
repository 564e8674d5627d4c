package gocd.ecr.bridge;

/** Why a request could not be relayed, as one sentence for the reader of the job's console. */
class BridgeFailure extends Exception {
    BridgeFailure(String message) {
        super(message);
    }

    BridgeFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
