package io.headrace.job;

import java.util.Optional;

/** What a text may look like. Each knows the words to say when it does not. */
public enum Form {
  ANY {
    @Override
    Optional<String> objection(String text) {
      return Optional.empty();
    }
  },
  NOT_BLANK {
    @Override
    Optional<String> objection(String text) {
      return text.isBlank() ? Optional.of("is empty") : Optional.empty();
    }
  },
  /** A file or folder, from the folder of the file that names it; or somewhere else. */
  PATH {
    @Override
    Optional<String> objection(String text) {
      return text.isBlank() ? Optional.of("is empty") : Optional.empty();
    }
  },
  /** {@code ^[a-z_][a-z0-9_]*$}, as Azure's client has it. */
  NODE_NAME {
    @Override
    Optional<String> objection(String text) {
      return matches(text, true, false)
          ? Optional.empty()
          : Optional.of(
              "must begin with a lower-case letter or '_' and hold only lower-case letters, digits"
                  + " and '_'");
    }
  },
  /** {@code ^[a-z][a-z0-9_]*$}, as Azure's client has it. */
  COMPONENT_NAME {
    @Override
    Optional<String> objection(String text) {
      return matches(text, false, false)
          ? Optional.empty()
          : Optional.of(
              "must begin with a lower-case letter and hold only lower-case letters, digits and"
                  + " '_'");
    }
  },
  /** Identifiers joined by dots. */
  PORT_NAME {
    @Override
    Optional<String> objection(String text) {
      int from = 0;
      while (true) {
        int dot = text.indexOf('.', from);
        String part = dot < 0 ? text.substring(from) : text.substring(from, dot);
        if (!matches(part, true, true)) {
          return Optional.of(
              "must begin with a letter or '_' and hold only letters, digits and '_' (dots between"
                  + " such names group them)");
        }
        if (dot < 0) {
          return Optional.empty();
        }
        from = dot + 1;
      }
    }
  },
  /** As a run may be called. */
  JOB_NAME {
    @Override
    Optional<String> objection(String text) {
      boolean good = !text.isEmpty() && text.length() <= 255 && isLetterOrDigit(text.charAt(0));
      for (int i = 0; good && i < text.length(); i++) {
        char c = text.charAt(i);
        good = isLetterOrDigit(c) || c == '_' || c == '-';
      }
      return good
          ? Optional.empty()
          : Optional.of(
              "must begin with a letter or digit and hold only letters, digits, '_' and '-', at"
                  + " most 255");
    }
  },
  /** As data, models and environments may be called. */
  ASSET_NAME {
    @Override
    Optional<String> objection(String text) {
      boolean good = !text.isEmpty() && text.length() <= 255 && isLetterOrDigit(text.charAt(0));
      for (int i = 0; good && i < text.length(); i++) {
        char c = text.charAt(i);
        good = isLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
      }
      return good
          ? Optional.empty()
          : Optional.of(
              "must begin with a letter or digit and hold only letters, digits, '_', '-' and '.',"
                  + " at most 255");
    }
  },
  /** As the versions of data may be called; {@code latest} is a label, not a version. */
  ASSET_VERSION {
    @Override
    Optional<String> objection(String text) {
      if (text.equalsIgnoreCase("latest")) {
        return Optional.of("is a label; a version is a number or a name of your own");
      }
      return ASSET_NAME.objection(text);
    }
  },
  /** {@code ^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$}, as Azure's client has it. */
  ENDPOINT_NAME {
    @Override
    Optional<String> objection(String text) {
      boolean good = !text.isEmpty() && isLetter(text.charAt(0)) && !text.endsWith("-");
      for (int i = 0; good && i < text.length(); i++) {
        good = isLetterOrDigit(text.charAt(i)) || text.charAt(i) == '-';
      }
      return good
          ? Optional.empty()
          : Optional.of(
              "must begin with a letter, hold only letters, digits and '-', and not end with '-'");
    }
  },
  /** Five fields: minute, hour, day, month, day of the week. */
  CRON {
    @Override
    Optional<String> objection(String text) {
      return CronText.objection(text);
    }
  },
  /** Windows' name of a time zone, as Azure has it, or a name such as {@code Europe/Berlin}. */
  TIME_ZONE {
    @Override
    Optional<String> objection(String text) {
      return TimeZones.zone(text).isPresent()
          ? Optional.empty()
          : Optional.of(
              "is not a time zone; write one such as \"Pacific Standard Time\" or Europe/Berlin");
    }
  },
  /** {@code /subscriptions/…}, without places to fill in. */
  ARM_ID {
    @Override
    Optional<String> objection(String text) {
      return text.startsWith("/subscriptions/") && text.indexOf('<') >= 0
          ? Optional.of("has places that are not filled in: <…>")
          : Optional.empty();
    }
  },
  /** {@code https://…}. */
  URL {
    @Override
    Optional<String> objection(String text) {
      int slashes = text.indexOf("://");
      return slashes > 0 && text.indexOf('<') < 0 && text.length() > slashes + 3
          ? Optional.empty()
          : Optional.of("must be a URL");
    }
  },
  /** {@code 2g}. */
  MEMORY {
    @Override
    Optional<String> objection(String text) {
      int digits = 0;
      while (digits < text.length() && isDigit(text.charAt(digits))) {
        digits++;
      }
      boolean good =
          digits > 0
              && digits + 1 == text.length()
              && "bkmg".indexOf(Character.toLowerCase(text.charAt(digits))) >= 0;
      return good
          ? Optional.empty()
          : Optional.of("must be a number followed by b, k, m or g, such as 2g");
    }
  },
  /** {@code azureml:name}, with a version, a label, or neither; or any {@code azureml:} id. */
  AZUREML_REFERENCE {
    @Override
    Optional<String> objection(String text) {
      return AzureReference.isWellFormed(text)
          ? Optional.empty()
          : Optional.of("must be azureml:NAME:VERSION, azureml:NAME@LABEL or azureml:NAME");
    }
  },
  /** {@code azureml:name}. */
  AZUREML_NAME {
    @Override
    Optional<String> objection(String text) {
      return text.startsWith("azureml:") && text.length() > 8
          ? Optional.empty()
          : Optional.of("must begin with 'azureml:'");
    }
  },
  /** A reference, or {@code file:} and a path. */
  ENVIRONMENT {
    @Override
    Optional<String> objection(String text) {
      if (text.startsWith("file:") && text.length() > 5) {
        return Optional.empty();
      }
      if (AzureReference.isWellFormed(text)) {
        return Optional.empty();
      }
      return Optional.of(
          "must be azureml:NAME:VERSION, azureml:NAME@LABEL, azureml:NAME, file:PATH, or a mapping"
              + " with image, conda_file or build");
    }
  },
  /** A binding to something of the pipeline around. */
  OUTPUT_BINDING {
    @Override
    Optional<String> objection(String text) {
      return text.contains("${{")
          ? Optional.empty()
          : Optional.of("must be nothing, a mapping, or a binding such as ${{parent.outputs.x}}");
    }
  },
  /** Another node, as control flow names it. */
  NODE_BINDING {
    @Override
    Optional<String> objection(String text) {
      return NodeBinding.node(text).isPresent()
          ? Optional.empty()
          : Optional.of("must be a binding to a node: ${{parent.jobs.NODE}}");
    }
  },
  /** Where data is. */
  DATA_PATH {
    @Override
    Optional<String> objection(String text) {
      if (text.isBlank()) {
        return Optional.of("is empty");
      }
      if (text.indexOf('\0') >= 0) {
        return Optional.of("holds a NUL character");
      }
      if (text.startsWith("azureml:")
          && !text.contains("${{")
          && !AzureReference.isWellFormed(text)) {
        return Optional.of("must be azureml:NAME:VERSION, azureml:NAME@LABEL or an azureml:// URI");
      }
      return Optional.empty();
    }
  },
  /** {@code file:} and a path. */
  FILE_URI {
    @Override
    Optional<String> objection(String text) {
      return text.startsWith("file:") ? Optional.empty() : Optional.of("must begin with 'file:'");
    }
  };

  /** About the same as a regular expression, for JSON Schemas; empty where there is none. */
  Optional<String> pattern() {
    return switch (this) {
      case PATH, NOT_BLANK, DATA_PATH -> Optional.of("\\S");
      case NODE_NAME -> Optional.of("^[a-z_][a-z0-9_]*$");
      case COMPONENT_NAME -> Optional.of("^[a-z][a-z0-9_]*$");
      case PORT_NAME -> Optional.of("^[a-zA-Z_][a-zA-Z0-9_]*(\\.[a-zA-Z_][a-zA-Z0-9_]*)*$");
      case JOB_NAME -> Optional.of("^[a-zA-Z0-9][a-zA-Z0-9_-]*$");
      case ASSET_NAME, ASSET_VERSION -> Optional.of("^[a-zA-Z0-9][a-zA-Z0-9._-]*$");
      case ENDPOINT_NAME -> Optional.of("^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$");
      case MEMORY -> Optional.of("^[0-9]+[bkmgBKMG]$");
      case AZUREML_REFERENCE, AZUREML_NAME -> Optional.of("^(azureml:|.*\\$\\{\\{)");
      case ENVIRONMENT -> Optional.of("^(azureml:|file:|.*\\$\\{\\{)");
      case OUTPUT_BINDING -> Optional.of("\\$\\{\\{");
      case NODE_BINDING -> Optional.of("^ *\\$\\{\\{ *parent\\.jobs\\.[a-z_][a-z0-9_]* *\\}\\} *$");
      case FILE_URI -> Optional.of("^file:");
      case CRON -> Optional.of("^ *(\\S+ +){4}\\S+ *$");
      case URL -> Optional.of("^[a-z]+://");
      case ANY, TIME_ZONE, ARM_ID -> Optional.empty();
    };
  }

  /** What is wrong with a text, as the end of a sentence that begins with the field's name. */
  abstract Optional<String> objection(String text);

  private static boolean matches(String text, boolean underscoreFirst, boolean upper) {
    if (text.isEmpty()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (upper && c >= 'A' && c <= 'Z');
      boolean underscore = c == '_' && (i > 0 || underscoreFirst);
      if (!letter && !underscore && !(i > 0 && isDigit(c))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isLetterOrDigit(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
