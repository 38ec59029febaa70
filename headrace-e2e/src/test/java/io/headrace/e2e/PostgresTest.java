package io.headrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.headrace.testing.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A workspace whose records are in a real PostgreSQL. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PostgresTest {
  private static final String CLIENT =
      """
      import mlflow
      from sklearn.linear_model import LinearRegression

      mlflow.set_experiment("on postgres")
      with mlflow.start_run() as run:
          mlflow.log_param("depth", 3)
          for step in range(5):
              mlflow.log_metric("loss", 1 / (step + 1), step=step)
          mlflow.log_metric("worst", float("inf"))
          model = LinearRegression().fit([[1.0], [2.0]], [2.0, 4.0])
          mlflow.sklearn.log_model(
              model, name="model", registered_model_name="fares", pip_requirements=[],
              skops_trusted_types=[])
      found = mlflow.search_runs(
          experiment_names=["on postgres"], filter_string="metrics.loss < 0.3 and params.depth = '3'")
      assert list(found.run_id) == [run.info.run_id], found
      assert found["metrics.worst"][0] == float("inf")
      history = mlflow.MlflowClient().get_metric_history(run.info.run_id, "loss")
      assert [it.step for it in history] == [0, 1, 2, 3, 4]
      loaded = mlflow.sklearn.load_model("models:/fares/1")
      assert abs(loaded.predict([[3.0]])[0] - 6) < 1e-9
      print("all is well")
      """;

  @TempDir Path folder;

  /** The one that the tests of MLflow's API have made. */
  private static Path python() {
    var environment =
        Optional.ofNullable(System.getenv("HEADRACE_TEST_VENV"))
            .map(Path::of)
            .orElse(Headrace.ROOT.resolve("target/mlflow-venv"));
    var python = environment.resolve("bin/python");
    assumeTrue(Files.exists(python) || System.getenv("CI") != null, "no MLflow in " + environment);
    assertThat(python).exists();
    return python;
  }

  private static String runClient(Headrace user, String server)
      throws IOException, InterruptedException {
    var client =
        new ProcessBuilder(python().toString(), user.write("client.py", CLIENT).toString())
            .directory(user.project().toFile())
            .redirectErrorStream(true);
    client.environment().put("MLFLOW_TRACKING_URI", server);
    client.environment().put("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0");
    var process = client.start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  @Test
  void given_a_server_with_a_database_then_clients_and_runs_use_it_and_commands_see_the_same()
      throws Exception {
    var variables = TestDatabase.POSTGRESQL.variables(folder);
    try (var user =
        new Headrace(folder).with("PGPASSWORD", variables.getOrDefault("PGPASSWORD", ""))) {
      user.write(
          "p.yml",
          """
          type: command
          command: echo ${{inputs.n}} > ${{outputs.x}}
          inputs: {n: 5}
          environment: azureml:local
          outputs: {x: {type: uri_file}}
          """);
      var url = variables.getOrDefault("HEADRACE_DATABASE", "");
      var server = ServerTest.serve(user, "--database", url);
      assertThat(server.out()).contains("records   postgresql://");
      assertThat(runClient(user, ServerTest.uri(server))).contains("all is well");
      assertThat(user.run("run", "p.yml").exits(0).out())
          .contains("is worked on by the server", "1 step run");
      server.interrupt().result();

      // The workspace remembers where its records are.
      assertThat(user.run("run", "p.yml").exits(0).out())
          .contains("0 steps run, 1 reused")
          .doesNotContain("by the server");
      assertThat(user.json("model", "list")).hasSize(1);
      assertThat(user.run("fsck").exits(0).err()).isEmpty();
      assertThat(user.run("backup", folder.resolve("backup").toString()).exits(2).err())
          .contains("pg_dump");
      assertThat(Files.readString(user.state().resolve("database"))).doesNotContain("password");
      assertThat(user.with("PGPASSWORD", "wrong").run("run", "p.yml").exits(3).err())
          .contains("does not let us in")
          .doesNotContain("wrong");
    }
  }

  @Test
  void given_an_address_that_is_wrong_then_the_server_says_so_and_remembers_nothing() {
    try (var user = new Headrace(folder)) {
      assertThat(
              user.run("server", "--port", "0", "--database", "postgresql://u@127.0.0.1:1/x")
                  .exits(3)
                  .err())
          .contains("cannot be reached");
      assertThat(
              user.run("server", "--port", "0", "--database", "postgresql://u:pw@h/x")
                  .exits(2)
                  .err())
          .contains("must not hold the password")
          .doesNotContain("pw@");
      assertThat(user.state().resolve("database")).doesNotExist();
    }
  }
}
