package io.headrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.WebDriverWait;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The pages, in a real Chromium, over a real server with real runs. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PagesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir static Path folder;

  private static Headrace user;
  private static String uri;
  private static String run = "";
  private static ChromeDriver browser;

  @BeforeAll
  static void open() {
    var driver = driver();
    user = new Headrace(folder);
    user.write(
        "p.yml",
        """
        type: pipeline
        display_name: two steps
        settings: {default_compute: azureml:local}
        jobs:
          first:
            type: command
            command: echo 'one <b>line</b>'; echo 1 > ${{outputs.x}}
            environment: azureml:local
            outputs: {x: {type: uri_file}}
          second:
            type: command
            command: cat ${{inputs.x}}; exit 4
            environment: azureml:local
            inputs: {x: "${{parent.jobs.first.outputs.x}}"}
        """);
    var server = user.start("server", "--port", "0");
    var line = Pattern.compile("(?m)^  at +(http://\\S+)$");
    Await.until(() -> server.out() + server.err(), () -> line.matcher(server.out()).find());
    var found = line.matcher(server.out());
    assertThat(found.find()).isTrue();
    uri = found.group(1);
    user.run("run", "p.yml", "--name", "two-steps").exits(1);
    track();
    var options = new ChromeOptions();
    options.addArguments(
        "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1300,900");
    browser = new ChromeDriver(driver, options);
  }

  /** That of the system: nothing is to be fetched. */
  private static ChromeDriverService driver() {
    var path = Objects.requireNonNullElse(System.getenv("PATH"), "");
    for (String folder : path.split(File.pathSeparator, -1)) {
      var file = new File(folder, "chromedriver");
      if (file.canExecute()) {
        return new ChromeDriverService.Builder()
            .usingDriverExecutable(file)
            .usingAnyFreePort()
            .build();
      }
    }
    String missing = "chromedriver is not on the PATH: install chromium and chromium-driver";
    assumeTrue(System.getenv("CI") != null, missing);
    throw new AssertionError(missing);
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.quit();
    }
    if (user != null) {
      user.close();
    }
  }

  private static JsonNode call(String path, String type, String body) {
    try (var client = HttpClient.newHttpClient()) {
      var answer =
          client.send(
              HttpRequest.newBuilder(URI.create(uri + path))
                  .header("Content-Type", type)
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode mlflow(String call, String body) {
    return call("/api/2.0/mlflow/" + call, "application/json", body.replace('\'', '"'));
  }

  /** Three runs of an experiment, one with a page that would like to run a script. */
  private static void track() {
    String experiment =
        mlflow("experiments/create", "{'name':'fares'}").path("experiment_id").asString("");
    for (int i = 0; i < 3; i++) {
      run =
          mlflow(
                  "runs/create",
                  "{'experiment_id':'%s','run_name':'trial %d','start_time':%d}"
                      .formatted(experiment, i, 1_700_000_000_000L + i))
              .at("/run/info/run_id")
              .asString("");
      mlflow("runs/log-parameter", "{'run_id':'%s','key':'depth','value':'%d'}".formatted(run, i));
      for (int step = 0; step < 20; step++) {
        mlflow(
            "runs/log-metric",
            "{'run_id':'%s','key':'loss','value':%s,'timestamp':%d,'step':%d}"
                .formatted(run, 1.0 / (step + 1 + i), step, step));
      }
    }
    call(
        "/ajax-api/2.0/mlflow/upload-artifact?run_id=" + run + "&path=report.html",
        "application/octet-stream",
        "<script>window.pwned = 1; parent.pwned = 1</script><h1>hello</h1>");
    mlflow("registered-models/create", "{'name':'fares-model','description':'predicts'}");
  }

  private static WebElement find(String css) {
    new WebDriverWait(browser, PATIENCE)
        .until(it -> !it.findElements(By.cssSelector(css)).isEmpty());
    return browser.findElement(By.cssSelector(css));
  }

  private static void show(String hash, String awaited) {
    browser.get("about:blank");
    browser.get(uri + "/" + hash);
    shows(awaited);
  }

  private static void shows(String text) {
    new WebDriverWait(browser, PATIENCE)
        .withMessage(() -> "'" + text + "' is not to be seen in:\n" + text())
        .until(_ -> text().contains(text));
  }

  private static String text() {
    return browser.findElement(By.tagName("main")).getText();
  }

  private static void isAccessible() {
    var found = new AxeBuilder().analyze(browser).getViolations();
    assertThat(found)
        .as(() ->
            String.join(
                "\n",
                found.stream()
                    .map(it -> it.getId() + ": " + it.getHelp() + " " + it.getNodes())
                    .toList()))
        .isEmpty();
  }

  @Test
  void runs_are_found_ordered_and_compared() {
    show("#/experiments", "trial 2");
    assertThat(text()).contains("fares", "loss", "depth");
    isAccessible();
    var filter = find("#filter");
    filter.sendKeys("params.depth = '1'", Keys.ENTER);
    new WebDriverWait(browser, PATIENCE).until(_ -> !text().contains("trial 2"));
    assertThat(text()).contains("trial 1").doesNotContain("trial 0");
    filter = find("#filter");
    filter.clear();
    filter.sendKeys("params.depth ~ 1", Keys.ENTER);
    assertThat(find("p.error:not([hidden])").getText()).isNotBlank();

    show("#/experiments", "trial 2");
    for (var box : browser.findElements(By.cssSelector("tbody input[type=checkbox]"))) {
      box.click();
    }
    find("tbody");
    browser.findElements(By.tagName("button")).stream()
        .filter(it -> it.getText().equals("Compare 3"))
        .findFirst()
        .orElseThrow()
        .click();
    shows("3 runs compared");
    new WebDriverWait(browser, PATIENCE)
        .until(it -> it.findElements(By.cssSelector("svg.chart polyline")).size() == 3);
    assertThat(find("tr.differs").getText()).startsWith("depth");
    isAccessible();
  }

  @Test
  void a_run_shows_curves_and_what_a_model_wrote_is_only_text() {
    String base = "#/experiments/1/runs/" + run;
    show(base + "/metrics", "trial 2");
    assertThat(find("svg.chart").getAttribute("aria-label")).contains("loss: 20 points");
    isAccessible();
    show(base + "/artifacts", "report.html");
    browser.findElements(By.cssSelector("ul.tree button")).getFirst().click();
    shows("<h1>hello</h1>");
    assertThat(browser.executeScript("return window.pwned")).isNull();
    isAccessible();
  }

  @Test
  void a_job_is_a_graph_whose_steps_tell_why_they_ran_and_what_they_said() {
    show("#/jobs", "two-steps");
    isAccessible();
    show("#/jobs/two-steps", "step second failed");
    assertThat(text()).contains("1 succeeded, 1 failed");
    var nodes = browser.findElements(By.cssSelector("g.node"));
    assertThat(nodes).hasSize(2);
    // By the keyboard alone.
    browser.executeScript("arguments[0].focus()", nodes.getFirst());
    browser.switchTo().activeElement().sendKeys(Keys.ENTER);
    shows("one <b>line</b>");
    shows("Why: no such step has run before");
    isAccessible();
    nodes.getLast().click();
    shows("exit code 4");
  }

  @Test
  void models_are_listed_and_an_unknown_page_says_so() {
    show("#/models", "fares-model");
    isAccessible();
    show("#/models/fares-model", "predicts");
    show("#/nowhere", "There is no such page");
    show("#/jobs/none-such", "there is no run called none-such");
  }

  @Test
  void who_is_signed_in_sees_what_is_theirs_and_can_sign_out() throws IOException {
    try (var team = new Headrace(folder.resolve("team"))) {
      team.write("password", "a password of ours\n");
      team.run("user", "create", "anna", "--password-file", "password").exits(0);
      var server = team.start("server", "--port", "0");
      var line = Pattern.compile("(?m)^  at +(http://\\S+)$");
      Await.until(() -> server.out() + server.err(), () -> line.matcher(server.out()).find());
      var found = line.matcher(server.out());
      assertThat(found.find()).isTrue();
      var home = found.group(1);
      browser.get(home + "/#/experiments");
      shows("By name and password");
      isAccessible();
      browser.findElement(By.linkText("By name and password")).click();
      signIn("not the password");
      shows("That name and password do not go together.");
      isAccessible();
      team.run("user", "grant", "anna", "reader", "--experiment", "Default").exits(0);
      signIn("a password of ours");
      new WebDriverWait(browser, PATIENCE)
          .until(it -> it.findElement(By.id("me")).getText().contains("anna"));
      shows("Default");
      isAccessible();
      assertThat(browser.executeScript("return document.cookie")).isEqualTo("");
      find("#me button").click();
      new WebDriverWait(browser, PATIENCE)
          .until(it -> String.valueOf(it.getCurrentUrl()).endsWith("/signin"));
      browser.get(home + "/#/experiments");
      shows("By name and password");
      assertThat(team.run("audit", "list", "--user", "anna").exits(0).out())
          .contains("sign in", "sign out");
    }
  }

  private static void signIn(String password) {
    find("#name").sendKeys("anna");
    find("#password").sendKeys(password, Keys.ENTER);
  }

  @Test
  void no_page_may_run_or_ask_for_anything_but_this_server() throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      for (String page : List.of("/", "/ui/main.js", "/ui/app.css")) {
        var answer =
            client.send(
                HttpRequest.newBuilder(URI.create(uri + page)).build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
            .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      }
    }
  }
}
