import Arguments

/// A command of a made-up program, with every form of parameter.
struct Send: Equatable, Sendable {
  var ids: [String] = []
  var reason: String?
  var sort: String?
  var size = 3
  var tags: [String] = []
  var colour: Colour?
  var day: Day?
  var isDry = false
  var common = Common()

  struct Common: Equatable, Sendable {
    var confirms = false
  }

  enum Colour: String, CaseIterable, ArgumentValue {
    case red
    case blue
  }

  /// A value whose error repeats what was typed.
  struct Day: ArgumentValue, Equatable {
    var name: String

    init(argument: String) throws(InvalidValue) {
      guard argument.hasSuffix("day") else { throw InvalidValue("no day is called \(argument)") }
      name = argument
    }
  }

  static var parameters: [Parameter<Send>] {
    [
      .positionals("ids", \.ids, "What to send."),
      .option("--reason", \.reason, "text", "Why."),
      .option(
        "--sort", \.sort, "key", "The order.", takesDashes: true,
        completion: .values(["id", "-id"])),
      .option("--size", \.size, "n", "How many.", initial: "3"),
      .option("--tag", \.tags, "name", "A tag; repeatable."),
      .option("--colour", \.colour, "colour", "The colour."),
      .option("--day", \.day, "day", "When."),
      .flag("--dry-run", \.isDry, "Send nothing."),
      Parameter<Common>.flag("--yes", \.confirms, "Confirm.").within(\.common),
    ]
  }
}

/// A command with one argument that may be left out.
struct Open: Equatable, Sendable {
  var id: String?
}

enum Made: Equatable, Sendable {
  case send(Send)
  case open(Open)
  case pass([String])
}

struct Pass: Sendable {
  var arguments: [String] = []
}

struct Serve: Sendable {
  var store: String?
  var port: UInt16 = 0
  var isSlow = false
}

enum Demo {
  static let open = CommandDeclaration<Made>(
    "open", summary: "Open one.",
    parameters: {
      [
        Parameter<Open>.positional(
          "id", \.id, "Which one.",
          completion: .dynamic("ids"))
      ]
    }, start: { Open() }, product: { .open($0) })

  static let send = CommandDeclaration<Made>(
    "send", summary: "Send some.", discussion: "A first paragraph.\n\nA second one.",
    parameters: { Send.parameters }, start: { Send() }, product: { .send($0) })

  static let pass = CommandDeclaration<Made>(
    "pass", summary: "Pass all on.", passesArguments: true,
    parameters: {
      [Parameter<Pass>.positionals("arguments", \.arguments, "", isRequired: false).hidden]
    }, start: { Pass() }, product: { .pass($0.arguments) })

  static let secret = CommandDeclaration<Made>(
    "secret", summary: "Nobody's.", isHidden: true, start: { Open() }, product: { .open($0) })

  static let grammar = Grammar(
    root: CommandDeclaration(
      "demo", summary: "A demonstration.",
      children: [
        open, send, pass, secret,
        CommandDeclaration("box", summary: "Boxes.", children: [send], defaultChild: nil),
        CommandDeclaration(
          "crate", summary: "Crates.", children: [send, open], defaultChild: "open"),
      ], defaultChild: "open"),
    shared: [
      ParameterDeclaration(.flag, "--json", help: "Print JSON."),
      ParameterDeclaration(
        .option, "--store", valueName: "file", help: "The file.", completion: .files(nil)),
      ParameterDeclaration(
        .option, "--profile", valueName: "name", help: "A profile.", isRepeating: true),
      ParameterDeclaration(
        .option, "--backend", valueName: "a|b", help: "The service.", values: ["a", "b"]),
    ], leading: [ParameterDeclaration(.flag, "--version", help: "Print the version.")])

  /// A program that is itself a command and has another one, which shares one of its options.
  static let serving = Grammar(
    root: CommandDeclaration(
      CommandDeclaration<Made>(
        "server", summary: "Serve.",
        parameters: {
          [
            .option("--store", \Serve.store, "file", "The file."),
            .option("--port", \.port, "port", "The port.", initial: "0"),
            .flag("--slow", \.isSlow, "Be slow."),
          ]
        }, start: { Serve() }, product: { .pass([$0.store ?? ""]) }),
      children: [
        CommandDeclaration<Made>(
          "names", summary: "List the names.",
          parameters: { [.option("--store", \Serve.store, "file", "The file.")] },
          start: { Serve() }, product: { .pass([$0.store ?? ""]) })
      ]))

  static func parse(_ arguments: String...) throws(UsageError) -> ParsedLine<Made> {
    try grammar.parse(arguments)
  }
}
