package io.headrace.job;

/** Texts that begin with {@code azureml:}. */
final class AzureReference {
  private static final String PREFIX = "azureml:";

  private AzureReference() {}

  /**
   * Whether a text is {@code azureml:name}, {@code azureml:name:version}, {@code
   * azureml:name@label}, an {@code azureml://} URI (also after another {@code azureml:}) or an
   * {@code azureml:/subscriptions/…} id.
   */
  static boolean isWellFormed(String text) {
    if (!text.startsWith(PREFIX) || text.length() == PREFIX.length()) {
      return false;
    }
    String rest = text.substring(PREFIX.length());
    if (rest.startsWith(PREFIX + "//")) {
      return isWellFormed(rest);
    }
    if (rest.startsWith("/")) {
      return rest.length() > 2;
    }
    int at = rest.indexOf('@');
    if (at >= 0) {
      return isName(rest.substring(0, at)) && isName(rest.substring(at + 1));
    }
    int colon = rest.indexOf(':');
    if (colon >= 0) {
      return isName(rest.substring(0, colon)) && isName(rest.substring(colon + 1));
    }
    return isName(rest);
  }

  private static boolean isName(String text) {
    if (text.isEmpty()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ':' || c == '@' || c == '/' || c <= ' ') {
        return false;
      }
    }
    return true;
  }
}
