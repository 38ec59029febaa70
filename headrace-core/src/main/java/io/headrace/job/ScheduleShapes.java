package io.headrace.job;

import static io.headrace.job.Terms.ANYTHING;
import static io.headrace.job.Terms.COUNT;
import static io.headrace.job.Terms.FLAG;
import static io.headrace.job.Terms.MOMENT;
import static io.headrace.job.Terms.OPEN_TABLE;
import static io.headrace.job.Terms.PATH;
import static io.headrace.job.Terms.TEXT;
import static io.headrace.job.Terms.TEXTS;
import static io.headrace.job.Terms.all;
import static io.headrace.job.Terms.asked;
import static io.headrace.job.Terms.byType;
import static io.headrace.job.Terms.each;
import static io.headrace.job.Terms.either;
import static io.headrace.job.Terms.field;
import static io.headrace.job.Terms.needed;
import static io.headrace.job.Terms.object;
import static io.headrace.job.Terms.oneOrMore;
import static io.headrace.job.Terms.words;

import io.headrace.job.Shape.Field;
import io.headrace.job.Shape.Named;
import io.headrace.job.Shape.TagSpelling;
import io.headrace.job.Shape.Tagged;
import io.headrace.job.Shape.Text;
import io.headrace.job.Shape.Whole;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Schedules and what starts them. */
final class ScheduleShapes {
  private ScheduleShapes() {}

  private static final String[] DAYS = {
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
  };
  private static final Shape HOUR = new Whole(0, 23);
  private static final Shape MINUTE = new Whole(0, 59);

  /** Starts a job, a monitor or an import. */
  static Shape schedule() {
    return object(
        "a schedule",
        all(
            List.of(field("$schema", ANYTHING), asked("name", TEXT), needed("trigger", trigger())),
            each(TEXT, "id", "description", "display_name"),
            List.of(
                field("tags", OPEN_TABLE),
                field("properties", TEXTS),
                field("is_enabled", FLAG),
                field("create_job", createJob()),
                field(
                    "import_data",
                    either("a file, or a mapping", PATH, new Named(Shapes.INLINE_DATA_IMPORT))),
                field("create_monitor", new Named(Shapes.MONITOR)),
                field("creation_context", ANYTHING),
                field("provisioning_state", ANYTHING))));
  }

  private static Shape trigger() {
    var kinds = new LinkedHashMap<String, Shape>();
    kinds.put(
        "cron",
        object("a cron trigger", all(times(), List.of(needed("expression", new Text(Form.CRON))))));
    kinds.put(
        "recurrence",
        object(
            "a recurrence",
            all(
                times(),
                List.of(
                    needed("frequency", words("minute", "hour", "day", "week", "month")),
                    needed("interval", COUNT),
                    field("schedule", pattern(true))))));
    return byType(kinds);
  }

  private static List<Field> times() {
    return List.of(
        needed("type", TEXT),
        field("start_time", MOMENT),
        field("end_time", MOMENT),
        field("time_zone", new Text(Form.TIME_ZONE)));
  }

  /** When, within its day, week or month. */
  private static Shape pattern(boolean needed) {
    var hours = oneOrMore("an hour, or a list", HOUR);
    var minutes = oneOrMore("a minute, or a list", MINUTE);
    return object(
        "the schedule of a recurrence",
        needed ? needed("hours", hours) : field("hours", hours),
        needed ? needed("minutes", minutes) : field("minutes", minutes),
        field("week_days", oneOrMore("a day, or a list", words(DAYS))),
        field("month_days", oneOrMore("a day, or a list", new Whole(1, 31))));
  }

  /** What starts and stops a compute instance. */
  static Shape computeTrigger() {
    var kinds = new LinkedHashMap<String, Shape>();
    var common =
        List.of(
            needed("type", TEXT),
            field("start_time", MOMENT),
            field("time_zone", new Text(Form.TIME_ZONE)));
    kinds.put(
        "cron",
        object("a cron trigger", all(common, List.of(needed("expression", new Text(Form.CRON))))));
    kinds.put(
        "recurrence",
        object(
            "a recurrence",
            all(
                common,
                List.of(
                    needed("frequency", words("minute", "hour", "day", "week", "month")),
                    field("interval", COUNT),
                    field("schedule", pattern(false))))));
    return byType(kinds);
  }

  private static Shape createJob() {
    var kinds = new LinkedHashMap<String, Shape>();
    kinds.put(
        "pipeline",
        object(
            "a job to create",
            all(jobHeader("pipeline"), ports(), List.of(field("settings", JobShapes.settings())))));
    kinds.put(
        "command",
        object(
            "a job to create",
            all(
                jobHeader("command"),
                ports(),
                List.of(
                    field("environment", CommonShapes.environment()),
                    field("environment_variables", CommonShapes.environmentVariables()),
                    field("resources", CommonShapes.resources()),
                    field("distribution", CommonShapes.distribution()),
                    field("queue_settings", CommonShapes.queueSettings()),
                    field("limits", CommonShapes.limits()),
                    field("parent_job_name", TEXT)))));
    kinds.put(
        "spark",
        object(
            "a job to create",
            all(
                jobHeader("spark"),
                List.of(
                    field("conf", OPEN_TABLE), field("environment", CommonShapes.environment())))));
    var pipeline = Optional.ofNullable(kinds.get("pipeline"));
    return either(
        "a job's file, azureml:JOB, or a mapping",
        PATH,
        new Tagged("type", kinds, pipeline, TagSpelling.ANY_CASE));
  }

  /** The job that is created, and what of it is set anew. */
  private static List<Field> jobHeader(String type) {
    return all(List.of(needed("job", PATH)), JobShapes.header(type));
  }

  private static List<Field> ports() {
    return List.of(
        field("inputs", PortShapes.jobInputs()), field("outputs", PortShapes.jobOutputs()));
  }

  /** Repeats as a feature set is materialised. */
  static Shape recurrence() {
    return trigger();
  }
}
