import TestSupport
import Testing

/// Completions as shells get them: they run the program with the words typed so far.
@Suite("Completions") struct CompletionTests {
  private func offered(
    _ stage: Stage, _ command: String, _ argument: String, _ words: [String]
  ) throws -> [String] {
    // The last word is the one that is completed.
    let ending = try Spawned.run(
      [
        try Stage.program, "---completion", command, "--", argument, String(words.count),
        String(words.last?.count ?? 0),
      ]
        + ["handshake"] + words,
      environment: stage.environment)
    #expect(ending.exit == 0, "\(ending.errors)")
    return ending.output.split(separator: "\n").map(String.init)
  }

  @Test("values of --state, after a comma too")
  func states() throws {
    let stage = try Stage()
    #expect(
      try offered(stage, "list", "--state", ["list", "--state", ""]).contains("REQUESTED"))
    let more = try offered(stage, "list", "--state", ["list", "--state", "OPEN,"])
    #expect(more.contains("OPEN,REQUESTED") && !more.contains("OPEN,OPEN"))
  }

  @Test("every shell's script has the keys of --sort", arguments: ["bash", "zsh", "fish"])
  func sortKeys(_ shell: String) throws {
    let stage = try Stage()
    let script = try stage.run("--generate-completion-script", shell).output
    #expect(script.contains("-expires") && script.contains("action"))
  }

  @Test("profiles of the AWS CLI's files")
  func profiles() throws {
    let stage = try Stage()
    try stage.write("[profile audit]\nregion = eu-west-1\n", to: ".aws/config")
    try stage.write("[prod]\naws_access_key_id = x\n", to: ".aws/credentials")
    let names = try offered(stage, "list", "--profile", ["list", "--profile", ""])
    #expect(Set(names).isSuperset(of: ["audit", "prod"]))
  }

  @Test("ids of handshakes that a command can answer")
  func ids() throws {
    let stage = try Stage()
    let pending = try stage.run("list").output.split(separator: "\n").dropFirst().compactMap {
      $0.split(separator: "\t").first.map(String.init)
    }
    #expect(!pending.isEmpty)
    let found = try offered(stage, "accept", "positional@0", ["accept", ""])
    #expect(Set(found) == Set(pending))
    let all = try offered(stage, "show", "positional@0", ["show", ""])
    #expect(Set(all).isStrictSuperset(of: pending))
  }

  @Test("completing creates no store")
  func makesNothing() throws {
    let stage = try Stage()
    let store = stage.home.path + "/none.sqlite"
    #expect(
      try offered(stage, "show", "positional@0", ["show", "--store", store, ""]).isEmpty)
    #expect(try stage.run("local", "accounts", "--store", store).exit == 1)
  }
}
