package io.headrace.mlflow;

/** Ends a request with one of MLflow's error codes. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** How MLflow ends what it says of a request's fields. */
  static final String MORE = " See the API docs for more information about request parameters.";

  /** The codes that we use, with the status that goes with each. */
  enum Code {
    INVALID_PARAMETER_VALUE(400),
    RESOURCE_ALREADY_EXISTS(400),
    PERMISSION_DENIED(403),
    RESOURCE_DOES_NOT_EXIST(404),
    ENDPOINT_NOT_FOUND(404),
    UNPROCESSABLE(422),
    INTERNAL_ERROR(500),
    TEMPORARILY_UNAVAILABLE(503);

    private final int status;

    Code(int status) {
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  private final Code code;

  Refusal(Code code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  static Refusal invalid(String message) {
    return new Refusal(Code.INVALID_PARAMETER_VALUE, message);
  }

  static Refusal missing(String field) {
    return invalid("Missing value for required parameter '%s'.%s".formatted(field, MORE));
  }

  /** Says that a field's value is of a wrong kind, in the words of MLflow's server. */
  static Refusal wrong(String field, String shown, String type) {
    return invalid(
        "Invalid value %s for parameter '%s' supplied:  Hint: Value was of type '%s'.%s"
            .formatted(shown, field, type, MORE));
  }

  Code code() {
    return code;
  }
}
