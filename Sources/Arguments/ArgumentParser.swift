/// A command line that was understood.
public struct ParsedLine<Product> {
  /// The names from the program to the command that runs or is described.
  public var path: [String]
  /// The values of the shared and leading options by their names; none for a flag.
  public var shared: [String: [String]]
  /// The command to run; nil when its help is to be shown.
  public var product: Product?
}

extension Grammar {
  /// Parses the arguments after the program's name.
  ///
  /// - Throws: `UsageError` for the first argument that the grammar does not accept.
  public func parse(_ arguments: [String]) throws(UsageError) -> ParsedLine<Product> {
    var parsing = Parsing(self)
    do throws(UsageError.Problem) {
      return try parsing.run(arguments)
    } catch {
      throw UsageError(problem: error, path: parsing.path, usage: usage(parsing.path))
    }
  }
}

/// The state between two arguments of a command line.
private struct Parsing<Product> {
  let grammar: Grammar<Product>
  private var command: CommandDeclaration<Product>
  private(set) var path: [String]
  /// The parameters of `command`.
  private var own: [ParameterDeclaration]
  private var given: [GivenValue] = []
  private var positionals: [String] = []
  private var shared: [String: [String]] = [:]
  /// The values of the options that may not repeat.
  private var first: [String: String] = [:]
  private var rest: ArraySlice<String> = []
  private var isHelpWanted = false
  /// An option that is given instead of a command, and the first word of a command.
  private var leading: String?
  private var named: String?
  private var isLiteral = false

  init(_ grammar: Grammar<Product>) {
    self.grammar = grammar
    command = grammar.root
    path = [grammar.root.name]
    own = grammar.root.parameters
  }

  mutating func run(_ arguments: [String]) throws(UsageError.Problem) -> ParsedLine<Product> {
    rest = arguments[...]
    while let word = rest.popFirst() {
      if command.passesArguments || isLiteral {
        try addPositional(word)
      } else if word == "--" {
        isLiteral = true
      } else if word == "--help" || word == "-h" {
        isHelpWanted = true
      } else if word.utf8.starts(with: "--".utf8) {
        try option(word)
      } else if word.utf8.first == UInt8(ascii: "-"), word.utf8.count > 1 {
        throw .notAnOption(word)
      } else {
        try name(word)
      }
    }
    return try end()
  }

  private mutating func end() throws(UsageError.Problem) -> ParsedLine<Product> {
    if !isHelpWanted, command.make == nil, let child = command.child(command.defaultChild) {
      enter(child)
    }
    guard !isHelpWanted, let make = command.make else {
      return ParsedLine(path: path, shared: shared, product: nil)
    }
    if let leading, let named = named ?? given.first?.name { throw .standsAlone(leading, named) }
    let places = own.filter { $0.form == .positional }
    for (index, place) in places.enumerated() {
      guard index < positionals.count else {
        if place.isRequired { throw .missing(place) }
        break
      }
      let isLast = place.isRepeating
      for text in isLast ? positionals[index...] : positionals[index...index] {
        given.append(GivenValue(name: place.name, text: text))
      }
    }
    for value in given {
      // Given before the command's name, to the command above it.
      guard let declaration = own.first(where: { $0.name == value.name }) else {
        throw .unknownOption(value.name, known: knownOptions)
      }
      try check(value.text, declaration)
    }
    return ParsedLine(path: path, shared: shared, product: try make(given))
  }

  // MARK: Words

  private mutating func enter(_ child: CommandDeclaration<Product>) {
    command = child
    path.append(child.name)
    own = child.parameters
  }

  /// Takes a word that is no option: a command's name, or a positional argument.
  private mutating func name(_ word: String) throws(UsageError.Problem) {
    if positionals.isEmpty {
      if let child = command.child(word) {
        named = named ?? word
        return enter(child)
      }
      if path.count == 1, !command.children.isEmpty, word == "help" {
        isHelpWanted = true
        return
      }
    }
    if command.make == nil {
      guard !isHelpWanted, let child = command.child(command.defaultChild) else {
        throw .noSuchCommand(word, known: command.visibleChildren.map(\.name))
      }
      enter(child)
    }
    try addPositional(word)
  }

  private mutating func addPositional(_ word: String) throws(UsageError.Problem) {
    if command.make == nil, let child = command.child(command.defaultChild) { enter(child) }
    let places = own.filter { $0.form == .positional }
    guard positionals.count < places.count || places.last?.isRepeating == true else {
      let siblings = grammar.command(at: path.dropLast())?.visibleChildren.map(\.name) ?? []
      throw .unexpected(word, places: places, known: siblings)
    }
    named = named ?? word
    positionals.append(word)
  }

  // MARK: Options

  private mutating func option(_ word: String) throws(UsageError.Problem) {
    let (name, inline) = word.splitAtEquals
    if name == ParameterDeclaration.help.name, let inline { throw .flagWithValue(name, inline) }
    guard let (declaration, isOwn) = declaration(name) else {
      throw .unknownOption(name, known: knownOptions)
    }
    guard declaration.form == .option else {
      if let inline { throw .flagWithValue(name, inline) }
      return record(declaration, "", isOwn: isOwn)
    }
    guard let text = inline ?? rest.popFirst() else { throw .noValue(declaration, next: nil) }
    if inline == nil, !declaration.takesDashes, text.utf8.count > 1,
      text.utf8.first == UInt8(ascii: "-")
    {
      throw .noValue(declaration, next: text)
    }
    if !declaration.isRepeating {
      let before = first.updateValue(text, forKey: name)
      // Compared by bytes: equivalent texts can name two files.
      if let before {
        guard before.utf8.elementsEqual(text.utf8) else {
          throw .contradiction(name, before, text)
        }
        return
      }
    }
    if !isOwn { try check(text, declaration) }
    record(declaration, text, isOwn: isOwn)
  }

  private mutating func record(_ option: ParameterDeclaration, _ text: String, isOwn: Bool) {
    if isOwn { return given.append(GivenValue(name: option.name, text: text)) }
    shared[option.name, default: []] += option.form == .flag ? [] : [text]
  }

  private func check(
    _ text: String, _ declaration: ParameterDeclaration
  ) throws(UsageError.Problem) {
    guard declaration.values.isEmpty || declaration.values.contains(text) else {
      throw .invalidValue(declaration, text, why: nil)
    }
  }

  /// Returns the option of that name; that of the default command is looked up last, and enters it.
  private mutating func declaration(
    _ name: String
  ) -> (ParameterDeclaration, isOwn: Bool)? {
    if let found = own.first(where: { $0.form != .positional && $0.name == name }) {
      return (found, true)
    }
    if let found = grammar.shared.first(where: { $0.name == name }) { return (found, false) }
    if path.count == 1, let found = grammar.leading.first(where: { $0.name == name }) {
      leading = leading ?? name
      return (found, false)
    }
    guard command.make == nil, let child = command.child(command.defaultChild),
      let found = child.parameters.first(where: { $0.form != .positional && $0.name == name })
    else { return nil }
    enter(child)
    return (found, true)
  }

  private var knownOptions: [String] {
    let leading = path.count == 1 ? grammar.leading : []
    return (own + grammar.shared + leading).filter { $0.form != .positional && !$0.isHidden }
      .map(\.name) + [ParameterDeclaration.help.name]
  }
}

extension String {
  /// The text before the first `=` and the one behind it; nil without an `=`.
  ///
  /// The split is between bytes: a combining mark behind the `=` begins the value.
  var splitAtEquals: (name: String, value: String?) {
    guard let mark = utf8.firstIndex(of: UInt8(ascii: "=")) else { return (self, nil) }
    return (String(self[..<mark]), String(self[utf8.index(after: mark)...]))
  }
}
