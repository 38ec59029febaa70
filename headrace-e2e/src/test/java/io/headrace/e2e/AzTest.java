package io.headrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scripts written for the Azure CLI, with our {@code az} on the PATH. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AzTest {
  private static final Path AZ =
      Path.of(System.getProperty("headrace.root", "..")).toAbsolutePath().resolve("az");
  private static final String PIPELINE =
      """
      type: pipeline
      inputs:
        data: {type: uri_file, path: "azureml:words@latest"}
      outputs:
        found: {type: uri_file, name: found%s}
      jobs:
        look:
          type: command
          component: azureml:look@latest
          inputs: {data: "${{parent.inputs.data}}"}
          outputs: {found: "${{parent.outputs.found}}"}
      """;

  @TempDir Path folder;
  private Headrace user;

  @BeforeEach
  void arrive() {
    user = new Headrace(folder);
    user.write("words.txt", "one\ntwo\n");
    user.write("code/look.sh", "wc -l < \"$1\" > \"$2\"\n");
    user.write(
        "look.yml",
        """
        name: look
        type: command
        code: ./code
        environment: azureml:local@latest
        inputs: {data: {type: uri_file}}
        outputs: {found: {type: uri_file}}
        command: sh look.sh ${{inputs.data}} ${{outputs.found}}
        """);
    user.write("pipeline.yml", PIPELINE.formatted(""));
  }

  @AfterEach
  void leave() {
    user.close();
  }

  private String script(int expected, String text) throws Exception {
    var out = folder.resolve("script.out");
    var builder =
        new ProcessBuilder("bash", "-c", text)
            .directory(user.project().toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().merge("PATH", AZ.toString(), (old, az) -> az + ":" + old);
    builder.environment().put("HEADRACE_NO_BUILD", "1");
    builder.environment().put("HEADRACE_WORKSPACE", user.state().toString());
    var process = builder.start();
    assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    var said = Files.readString(out);
    assertThat(process.exitValue()).as(said).isEqualTo(expected);
    return said;
  }

  @Test
  void when_a_ci_script_creates_and_polls_a_job_then_it_passes() throws Exception {
    assertThat(
            script(
                0,
                """
                set -e
                az version > /dev/null
                az extension add -n ml -y
                az configure --defaults group=g workspace=w
                compute_name=$(az ml compute show -n cpu --query name -o tsv || true)
                if [[ -z "$compute_name" ]]; then
                  az ml compute create --name cpu --type amlcompute --size S --min-instances 0 \
                    --max-instances 4 --tier dedicated -o none
                fi
                az ml data create --name words --path words.txt --type uri_file -o none
                az ml component create -f look.yml -o none
                run_id=$(az ml job create -f ./pipeline.yml --set experiment_name=x_nyc \
                    settings.default_compute=azureml:cpu \
                    display_name=shown --query name -o tsv)
                az ml job show -n $run_id --web > /dev/null
                status=$(az ml job show -n $run_id --query status -o tsv)
                running=("NotStarted" "Queued" "Starting" "Preparing" "Running" "Finalizing")
                while [[ ${running[*]} =~ $status ]]; do
                  sleep 0.2
                  status=$(az ml job show -n $run_id --query status -o tsv)
                done
                echo "status=$status"
                az ml job show -n $run_id --query '[display_name,experiment_name]' -o tsv
                az ml data show -n found -v 1 --query type -o tsv
                """))
        .contains("status=Completed\nshown\nx_nyc\nuri_file\n");
  }

  @Test
  void when_an_output_is_registered_again_then_the_same_is_no_new_version_and_a_taken_one_fails()
      throws Exception {
    script(
        0,
        "az ml data create -n words -p words.txt -t uri_file && az ml component create -f look.yml");
    user.run("run", "pipeline.yml").exits(0);
    user.run("run", "pipeline.yml", "--no-reuse").exits(0);
    assertThat(script(0, "az ml data list -n found --query 'length(@)'")).isEqualTo("1\n");
    user.write("words.txt", "one\ntwo\nthree\n");
    script(0, "az ml data create -n words -p words.txt -t uri_file");
    user.write("pipeline.yml", PIPELINE.formatted(", version: \"1\""));
    assertThat(user.run("run", "pipeline.yml").exits(1).said())
        .contains("data found:1 exists already, and a version never changes");
  }

  @Test
  void when_something_else_is_asked_then_the_real_az_is_or_it_says_so() throws Exception {
    assertThat(script(2, "az vm list")).contains("not answered by Headrace");
    assertThat(script(2, "az ml online-endpoint list")).contains("not answered by Headrace");
    real();
    assertThat(script(0, "PATH=$PATH:$PWD/real az vm list")).isEqualTo("real vm list\n");
  }

  private void real() throws IOException {
    var az = user.write("real/az", "#!/bin/sh\necho real \"$@\"\n");
    assertThat(az.toFile().setExecutable(true)).isTrue();
  }
}
