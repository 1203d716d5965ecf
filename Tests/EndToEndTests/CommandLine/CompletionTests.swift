import Glibc
import TestSupport
import Testing

/// Completions as shells get them: they run the program with the words typed so far.
@Suite("Completions") struct CompletionTests {
  private func offered(_ stage: Stage, _ words: [String]) throws -> [String] {
    // The last word is the one that is completed.
    let ending = try Spawned.run(
      [try Stage.program, "---completion", String(words.count - 1)] + words,
      environment: stage.environment)
    #expect(ending.exit == 0, "\(ending.errors)")
    return ending.output.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }
  }

  @Test("values of --state, after a comma too")
  func states() throws {
    let stage = try Stage()
    #expect(
      try offered(stage, ["list", "--state", ""]).contains("REQUESTED"))
    let more = try offered(stage, ["list", "--state", "OPEN,"])
    #expect(more.contains("OPEN,REQUESTED") && !more.contains("OPEN,OPEN"))
  }

  @Test("the keys of --sort")
  func sortKeys() throws {
    let keys = try offered(try Stage(), ["list", "--sort", ""])
    #expect(keys.contains("-expires") && keys.contains("action"))
  }

  @Test("each shell has a script", arguments: ["bash", "zsh", "fish"])
  func scripts(_ shell: String) throws {
    let script = try Stage().run("--generate-completion-script", shell)
    #expect(script.exit == 0)
    #expect(script.output.contains("---completion"))
  }

  @Test("bash accepts the syntax of its script")
  func bashSyntax() throws { try checkSyntax(of: "bash") }

  @Test(
    "zsh accepts the syntax of its script",
    .enabled(if: CompletionTests.isInstalled("zsh"), "zsh is not installed"))
  func zshSyntax() throws { try checkSyntax(of: "zsh") }

  @Test(
    "fish accepts the syntax of its script",
    .enabled(if: CompletionTests.isInstalled("fish"), "fish is not installed"))
  func fishSyntax() throws { try checkSyntax(of: "fish") }

  static func isInstalled(_ shell: String) -> Bool {
    access("/usr/bin/" + shell, X_OK) == 0
  }

  private func checkSyntax(of shell: String) throws {
    let stage = try Stage()
    try stage.write(try stage.run("--generate-completion-script", shell).output, to: "script")
    let ending = try Spawned.run(
      ["/usr/bin/" + shell, "-n", stage.home.path + "/script"], environment: stage.environment)
    #expect(ending.exit == 0 && ending.errors.isEmpty, "\(ending.errors)")
  }

  @Test("bash offers commands, options, values behind a blank and behind =, and files")
  func bash() throws {
    let stage = try Stage()
    try stage.write(
      try stage.run("--generate-completion-script", "bash").output, to: "completion")
    try stage.write("", to: "a b.toml")
    try stage.write("", to: "a.json")
    let program = try Stage.program
    func reply(_ words: String...) throws -> [String] {
      let line = ([program] + words).map { "'\($0)'" }.joined(separator: " ")
      let script = """
        source completion; COMP_WORDS=(\(line)); COMP_CWORD=\(words.count); _handshake
        printf '%s\\n' "${COMPREPLY[@]}"
        """
      let ending = try Spawned.run(
        ["/usr/bin/env", "-C", stage.home.path, "bash", "--norc", "-c", script],
        environment: stage.environment)
      #expect(ending.errors.isEmpty, "\(ending.errors)")
      return ending.output.split(separator: "\n").map(String.init)
    }
    #expect(try reply("li") == ["list"])
    #expect(try reply("trust", "") == ["list", "add", "remove"])
    #expect(try reply("list", "--st") == ["--state", "--store"])
    #expect(try reply("list", "--state", "OP") == ["OPEN"])
    #expect(try reply("list", "--state", "=", "OP") == ["OPEN"])
    #expect(try reply("list", "--backend", "=") == ["local", "aws", "auto"])
    #expect(try reply("list", "--config", "a") == ["a b.toml"])
    #expect(try reply("list", "--input", "a").sorted() == ["a b.toml", "a.json"])
    let names = ["x;id", "a b", "$(id>pwn)", ":files", "--yes", "prod-1"]
    try stage.write(
      names.map { "[\($0)]\naws_access_key_id = x\n" }.joined(), to: ".aws/credentials")
    #expect(
      Set(try reply("list", "--profile", ""))
        == [#"x\;id"#, #"a\ b"#, #"\$\(id\>pwn\)"#, ":files", "prod-1"])
  }

  /// Runs a script of a shell in a home folder with the completion script and a file.
  private func output(_ shell: [String], _ script: String) throws -> [String] {
    let stage = try Stage()
    try stage.write(
      try stage.run("--generate-completion-script", shell[0]).output, to: "completion")
    try stage.write("", to: "a.json")
    let folder = try Stage.program.split(separator: "/").dropLast().joined(separator: "/")
    let ending = try Spawned.run(
      ["/usr/bin/env", "-C", stage.home.path, "PATH=/\(folder):/usr/bin:/bin"] + shell + [script],
      environment: stage.environment)
    #expect(ending.errors.isEmpty, "\(ending.errors)")
    return ending.output.split(separator: "\n").map(String.init)
  }

  @Test(
    "fish offers commands, options, values behind a blank and behind =, and files",
    .enabled(if: CompletionTests.isInstalled("fish"), "fish is not installed"))
  func fish() throws {
    func reply(_ line: String) throws -> [String] {
      try output(["fish", "--no-config", "-c"], "source completion; complete -C '\(line)'")
        .map { String($0.prefix { $0 != "\t" }) }
    }
    #expect(try reply("handshake li") == ["list"])
    #expect(Set(try reply("handshake trust ")) == ["list", "add", "remove"])
    #expect(Set(try reply("handshake list --backend ")) == ["local", "aws", "auto"])
    #expect(try reply("handshake list --state=OP") == ["--state=OPEN"])
    #expect(try reply("handshake list --input a") == ["a.json"])
  }

  @Test(
    "zsh offers commands, options, values and files, with their help",
    .enabled(if: CompletionTests.isInstalled("zsh"), "zsh is not installed"))
  func zsh() throws {
    /// zsh's own functions, which complete only while a line is edited, print what they are given.
    func reply(_ words: String...) throws -> [String] {
      let line = words.map { "'\($0)'" }.joined(separator: " ")
      return try output(
        ["zsh", "-f", "-c"],
        """
        compdef() {}; _describe() { print -rl -- "${(@P)2}" }; _files() { print -r -- "files $*" }
        source ./completion; words=(handshake \(line)); CURRENT=\(words.count + 1); _handshake
        """)
    }
    #expect(try reply("li").first?.hasPrefix("list:List the handshakes") == true)
    #expect(
      try reply("trust", "").map { String($0.prefix { $0 != ":" }) } == ["list", "add", "remove"])
    #expect(try reply("list", "--state", "OP") == ["OPEN:"])
    #expect(try reply("list", "--input", "a") == ["files "])
    #expect(try reply("list", "--config", "a") == ["files -g *.toml"])
  }

  @Test("profiles of the AWS CLI's files")
  func profiles() throws {
    let stage = try Stage()
    try stage.write("[profile audit]\nregion = eu-west-1\n", to: ".aws/config")
    try stage.write("[prod]\naws_access_key_id = x\n", to: ".aws/credentials")
    let names = try offered(stage, ["list", "--profile", ""])
    #expect(Set(names).isSuperset(of: ["audit", "prod"]))
  }

  @Test("ids of handshakes that a command can answer")
  func ids() throws {
    let stage = try Stage()
    let pending = try stage.run("list").output.split(separator: "\n").dropFirst().compactMap {
      $0.split(separator: "\t").first.map(String.init)
    }
    #expect(!pending.isEmpty)
    let found = try offered(stage, ["accept", "h-"])
    #expect(Set(found) == Set(pending))
    let all = try offered(stage, ["show", "h-"])
    #expect(Set(all).isStrictSuperset(of: pending))
  }

  @Test("completing creates no store")
  func makesNothing() throws {
    let stage = try Stage()
    let store = stage.home.path + "/none.sqlite"
    #expect(
      try offered(stage, ["show", "--store", store, ""]).isEmpty)
    #expect(try stage.run("local", "accounts", "--store", store).exit == 1)
  }
}
