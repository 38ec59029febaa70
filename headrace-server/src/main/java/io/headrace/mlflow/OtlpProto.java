package io.headrace.mlflow;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads what OpenTelemetry's exporters send as protobuf. */
final class OtlpProto {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int MOST_DEPTH = 100;

  private OtlpProto() {}

  static List<OtlpSpan> read(byte[] body) {
    List<OtlpSpan> spans = new ArrayList<>();
    ProtoReader request = new ProtoReader(body);
    int field = request.next();
    while (field != 0) {
      if (field == 1) {
        resourceSpans(request.message(), spans);
      } else {
        request.skip();
      }
      field = request.next();
    }
    return spans;
  }

  /** The resource is told before or after the spans, which all need it. */
  private static void resourceSpans(ProtoReader message, List<OtlpSpan> spans) {
    ObjectNode resource = Json.object();
    List<ProtoReader> scopes = new ArrayList<>();
    int field = message.next();
    while (field != 0) {
      switch (field) {
        case 1 -> attributesOf(message.message(), resource);
        case 2 -> scopes.add(message.message());
        default -> message.skip();
      }
      field = message.next();
    }
    scopes.forEach(scope -> scopeSpans(scope, resource, spans));
  }

  private static void attributesOf(ProtoReader resource, ObjectNode into) {
    int field = resource.next();
    while (field != 0) {
      if (field == 1) {
        pair(resource.message(), into, 0);
      } else {
        resource.skip();
      }
      field = resource.next();
    }
  }

  private static void scopeSpans(ProtoReader scope, ObjectNode resource, List<OtlpSpan> spans) {
    int field = scope.next();
    while (field != 0) {
      if (field == 2) {
        spans.add(span(scope.message(), resource));
      } else {
        scope.skip();
      }
      field = scope.next();
    }
  }

  private static OtlpSpan span(ProtoReader message, ObjectNode resource) {
    OtlpSpan.Draft span = new OtlpSpan.Draft(resource);
    int field = message.next();
    while (field != 0) {
      switch (field) {
        case 1 -> span.traceId = hex(message);
        case 2 -> span.spanId = hex(message);
        case 4 -> span.parentId = hex(message);
        case 5 -> span.name = message.text();
        case 7 -> span.started = message.fixed64();
        case 8 -> span.ended = message.fixed64();
        case 9 -> pair(message.message(), span.attributes, 0);
        case 11 -> span.events.add(event(message.message()));
        case 13 -> span.links.add(link(message.message()));
        case 15 -> status(message.message(), span);
        default -> message.skip();
      }
      field = message.next();
    }
    return span.finish();
  }

  private static String hex(ProtoReader message) {
    return HexFormat.of().formatHex(message.bytes());
  }

  private static ObjectNode event(ProtoReader message) {
    ObjectNode event = Json.object();
    ObjectNode attributes = Json.object();
    event.put("name", "");
    event.put("time_unix_nano", 0L);
    int field = message.next();
    while (field != 0) {
      switch (field) {
        case 1 -> event.put("time_unix_nano", message.fixed64());
        case 2 -> event.put("name", message.text());
        case 3 -> pair(message.message(), attributes, 0);
        default -> message.skip();
      }
      field = message.next();
    }
    event.set("attributes", attributes);
    return event;
  }

  private static ObjectNode link(ProtoReader message) {
    ObjectNode link = Json.object();
    ObjectNode attributes = Json.object();
    int field = message.next();
    while (field != 0) {
      switch (field) {
        case 1 -> link.put("trace_id", OtlpSpan.TRACE + hex(message));
        case 2 -> link.put("span_id", hex(message));
        case 4 -> pair(message.message(), attributes, 0);
        default -> message.skip();
      }
      field = message.next();
    }
    link.set("attributes", attributes);
    return link;
  }

  private static void status(ProtoReader message, OtlpSpan.Draft span) {
    int field = message.next();
    while (field != 0) {
      switch (field) {
        case 2 -> span.statusMessage = message.text();
        case 3 -> span.statusCode = (int) message.integer();
        default -> message.skip();
      }
      field = message.next();
    }
  }

  private static void pair(ProtoReader message, ObjectNode into, int depth) {
    String key = "";
    JsonNode value = NullNode.instance;
    int field = message.next();
    while (field != 0) {
      switch (field) {
        case 1 -> key = message.text();
        case 2 -> value = value(message.message(), depth);
        default -> message.skip();
      }
      field = message.next();
    }
    into.set(key, value);
  }

  private static JsonNode value(ProtoReader message, int depth) {
    if (depth > MOST_DEPTH) {
      throw ProtoReader.bad();
    }
    JsonNode value = NullNode.instance;
    int field = message.next();
    while (field != 0) {
      switch (field) {
        case 1 -> value = NODES.stringNode(message.text());
        case 2 -> value = NODES.booleanNode(message.flag());
        case 3 -> value = NODES.numberNode(message.integer());
        case 4 -> value = NODES.numberNode(message.decimal());
        case 5 -> value = list(message.message(), depth);
        case 6 -> value = map(message.message(), depth);
        case 7 -> value = NODES.stringNode(Base64.getEncoder().encodeToString(message.bytes()));
        default -> message.skip();
      }
      field = message.next();
    }
    return value;
  }

  private static ArrayNode list(ProtoReader message, int depth) {
    ArrayNode list = Json.array();
    int field = message.next();
    while (field != 0) {
      if (field == 1) {
        list.add(value(message.message(), depth + 1));
      } else {
        message.skip();
      }
      field = message.next();
    }
    return list;
  }

  private static ObjectNode map(ProtoReader message, int depth) {
    ObjectNode map = Json.object();
    int field = message.next();
    while (field != 0) {
      if (field == 1) {
        pair(message.message(), map, depth + 1);
      } else {
        message.skip();
      }
      field = message.next();
    }
    return map;
  }
}
