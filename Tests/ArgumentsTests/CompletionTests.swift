import Testing

@testable import Arguments

@Suite("Completions of a command line") struct CompletionTests {
  /// The candidates for the last word.
  private func offered(_ words: String..., index: Int? = nil) -> [String] {
    lines(words, index ?? max(words.count - 1, 0)) { kind, request in
      ["\(kind)-\(request.shared["--store"]?.last ?? "none")"]
    }.map { $0.hasPrefix("\t") ? $0 : String($0.prefix { $0 != "\t" }) }
  }

  private func lines(
    _ words: [String], _ index: Int, _ dynamic: (String, CompletionRequest<Made>) -> [String]
  ) -> [String] {
    CompletionRequest(Demo.grammar, words, index: index)?.lines(dynamic) ?? ["refused"]
  }

  @Test("commands, with their summaries and without the hidden ones")
  func commands() {
    #expect(offered("") == ["open", "send", "pass", "box", "crate"])
    #expect(offered("c") == ["crate"])
    #expect(offered("--json", "box", "") == ["send"])
    #expect(lines(["se"], 0) { _, _ in [] } == ["send\tSend some."])
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
    #expect(offered("--store", "") == ["\tfiles"])
    #expect(offered("send", "--reason=\u{301}", "h") == [])
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
    #expect(offered("send", "", index: 1) == offered("send", index: 1))
    for index in [Int.min, -1, 2, 99, .max] {
      #expect(offered("send", index: index) == ["refused"])
    }
  }

  @Test("a value that was found is one line, no option and no word of the protocol")
  func found() {
    let values = [
      "a b", ":files", "$(id>pwn)", "x;id", "é", "", "--yes", "-x", "a\nb", "a\tb", "\tfiles",
      "\u{1B}[2J", "\u{7F}", "\u{9B}", "a\u{202E}b", "a\u{2028}b",
    ]
    let shown = lines(["open", ""], 1) { _, _ in values }
    #expect(shown == ["a b", ":files", "$(id>pwn)", "x;id", "é"].map { $0 + "\t" })
  }

  @Test("the scripts name the program", arguments: Shell.allCases)
  func scripts(_ shell: Shell) {
    let script = ShellCompletion.script(for: shell, program: "demo")
    #expect(script.contains("demo"))
    #expect(!script.contains("PROGRAM"))
    #expect(script.contains("---completion"))
  }
}
