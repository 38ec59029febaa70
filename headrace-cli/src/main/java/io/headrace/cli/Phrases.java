package io.headrace.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** Takes the words after an option together: each use of the option is one list. */
@SuppressWarnings("JdkObsolete") // the stack is picocli's
final class Phrases implements IParameterConsumer {
  @Override
  public void consumeParameters(Stack<String> words, ArgSpec option, CommandSpec command) {
    var phrase = new ArrayList<String>();
    while (!words.isEmpty() && (phrase.isEmpty() || !words.peek().startsWith("-"))) {
      phrase.add(words.pop());
    }
    var phrases = new ArrayList<List<String>>();
    List<List<String>> before = option.getValue();
    if (before != null) {
      phrases.addAll(before);
    }
    phrases.add(phrase);
    option.setValue(phrases);
  }
}
