import Testing

@testable import Arguments

@Suite("Completions of a command line") struct CompletionTests {
  /// The candidates for the last word.
  private func offered(_ words: String..., index: Int? = nil) -> [String] {
    CompletionRequest(Demo.grammar, words, index: index ?? words.count - 1).lines { kind, request in
      ["\(kind)-\(request.shared["--store"]?.last ?? "none")"]
    }.map { String($0.prefix { $0 != "\t" }) }
  }

  @Test("commands, with their summaries and without the hidden ones")
  func commands() {
    #expect(offered("") == ["open", "send", "pass", "box", "crate"])
    #expect(offered("c") == ["crate"])
    #expect(offered("--json", "box", "") == ["send"])
    #expect(
      CompletionRequest(Demo.grammar, ["se"], index: 0).lines { _, _ in [] } == ["send\tSend some."]
    )
    #expect(offered("help", "bo") == ["box"])
    #expect(offered() == ["open", "send", "pass", "box", "crate"])
  }

  @Test("options that are not given yet")
  func options() {
    #expect(offered("send", "--s") == ["--sort", "--size", "--store"])
    #expect(offered("send", "--size", "3", "--s") == ["--sort", "--store"])
    #expect(offered("send", "--profile", "a", "--pro") == ["--profile"])
    #expect(offered("--v") == ["--version"])
    #expect(offered("send", "--v") == [])
    #expect(offered("send", "--", "--s") == [])
  }

  @Test("values: of an option, behind =, of an argument")
  func values() {
    #expect(offered("send", "--colour", "") == ["red", "blue"])
    #expect(offered("send", "--colour=b") == ["--colour=blue"])
    // Bash makes three words of it, or two.
    #expect(offered("send", "--colour", "=", "b") == ["blue"])
    #expect(offered("send", "--colour", "=") == ["red", "blue"])
    #expect(offered("send", "--sort", "-") == ["id", "-id"].filter { $0.hasPrefix("-") })
    #expect(offered("--store", "") == [":files"])
    #expect(offered("open", "ids") == ["ids-none"])
    #expect(offered("open", "--store", "x", "i") == ["ids-x"])
    #expect(offered("open", "--store=x", "i") == ["ids-x"])
    #expect(offered("open", "--store", "=", "x", "i") == ["ids-x"])
    #expect(offered("open", "h-1", "i") == [])
    #expect(offered("pass", "--", "") == [])
  }

  @Test("only what is before the cursor counts")
  func cursor() {
    #expect(offered("se", "--json", index: 0) == ["send"])
    #expect(offered("send", "--colour", "b", "h-1", index: 2) == ["blue"])
    #expect(offered("send", index: -1).isEmpty == false)
    #expect(offered("send", index: 99) == [])
  }

  @Test("the scripts name the program", arguments: Shell.allCases)
  func scripts(_ shell: Shell) {
    let script = ShellCompletion.script(for: shell, program: "demo")
    #expect(script.contains("demo"))
    #expect(!script.contains("PROGRAM"))
    #expect(script.contains("---completion"))
  }
}
