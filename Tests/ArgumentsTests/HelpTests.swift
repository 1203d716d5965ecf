import Testing

@testable import Arguments

@Suite("The help") struct HelpTests {
  private func help(_ path: String..., columns: Int? = nil) throws -> String {
    try #require(HelpPage(Demo.grammar, ["demo"] + path, columns: columns)?.text)
  }

  @Test("describes a command with its arguments, options and the shared ones")
  func command() throws {
    #expect(
      try help("send") == """
        Send some.

        A first paragraph.

        A second one.

        Usage: demo send [options] <ids> ...

        Arguments:
          <ids> ...               What to send.

        Options:
          --reason <text>         Why.
          --sort <key>            The order.
          --size <n>              How many. (default: 3)
          --tag <name>            A tag; repeatable.
          --colour <colour>       The colour. (values: red, blue)
          --day <day>             When.
          --dry-run               Send nothing.
          --yes                   Confirm.
          -h, --help              Show this help.

        Global options:
          --json                  Print JSON.
          --store <file>          The file.
          --profile <name>        A profile.
          --backend <a|b>         The service.
        """)
  }

  @Test("lists commands, without the hidden ones")
  func commands() throws {
    let text = try help()
    #expect(text.contains("Usage: demo [options] [command]"))
    #expect(text.contains("  open (default)"))
    #expect(text.contains("  --version"))
    #expect(!text.contains("secret"))
    #expect(text.hasSuffix("demo help COMMAND describes a command."))
    #expect(try help("box").contains("Usage: demo box <command>"))
    #expect(try help("pass").contains("Usage: demo pass [argument ...]"))
    #expect(HelpPage(Demo.grammar, ["demo", "nope"], columns: nil) == nil)
  }

  @Test("is as wide as the terminal", arguments: [40, 60, 80, 120])
  func width(_ columns: Int) throws {
    for path in [[], ["send"], ["box"], ["crate"]] {
      let page = try #require(HelpPage(Demo.grammar, ["demo"] + path, columns: columns))
      #expect(page.text.split(separator: "\n").allSatisfy { $0.count <= columns })
    }
  }

  @Test("a line is broken at blanks, below its own text")
  func wrapping() {
    typealias Page = HelpPage<Made>
    #expect(Page.wrapped("aa bb cc", to: 5, indent: 0) == "aa bb\ncc")
    #expect(Page.wrapped("  aa bb cc", to: 7, indent: 2) == "  aa bb\n  cc")
    #expect(Page.wrapped("aaaaaaaaaa b", to: 5, indent: 0) == "aaaaaaaaaa\nb")
    #expect(Page.wrapped("", to: 5, indent: 0) == "")
  }
}
