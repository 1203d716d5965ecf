/// The help of a command, in lines of a given width.
public struct HelpPage<Product> {
  private let grammar: Grammar<Product>
  private let path: [String]
  private let command: CommandDeclaration<Product>
  private let columns: Int

  /// The width where that of the output is not known.
  public static var usualColumns: Int { 80 }

  /// Describes the command at a path from the root; nil for an unknown path.
  public init?(_ grammar: Grammar<Product>, _ path: [String], columns: Int?) {
    guard let command = grammar.command(at: path) else { return nil }
    self.grammar = grammar
    self.path = path
    self.command = command
    self.columns = max(columns ?? Self.usualColumns, 40)
  }

  /// The help without a line ending.
  public var text: String {
    var parts = [filled(command.summary)]
    if !command.discussion.isEmpty { parts.append(filled(command.discussion)) }
    parts.append(Self.wrapped("Usage: " + grammar.usage(path), to: columns, indent: 7))
    let own = command.parameters.filter { !$0.isHidden }
    let leading = path.count == 1 ? grammar.leading.filter { !$0.isHidden } : []
    let options = own.filter { $0.form != .positional } + leading + [.help]
    parts += section("Commands", command.visibleChildren.map(row))
    parts += section("Arguments", own.filter { $0.form == .positional }.map(row))
    parts += section("Options", options.map(row))
    // A command that only holds others passes the shared options on to them.
    if command.make != nil || path.count == 1 {
      parts += section("Global options", grammar.shared.filter { !$0.isHidden }.map(row))
    }
    if !command.visibleChildren.isEmpty {
      let name = (path.prefix(1) + ["help"] + path.dropFirst()).joined(separator: " ")
      parts.append(
        Self.wrapped("\(name) COMMAND describes a command.", to: columns, indent: 0))
    }
    return parts.joined(separator: "\n\n")
  }

  // MARK: Rows

  private typealias Row = (label: String, help: String, discussion: String)

  private func row(_ child: CommandDeclaration<Product>) -> Row {
    let mark = child.name == command.defaultChild ? " (default)" : ""
    return (child.name + mark, child.summary, "")
  }

  private func row(_ parameter: ParameterDeclaration) -> Row {
    var help = parameter.help
    if !parameter.values.isEmpty, !parameter.valueName.contains("|") {
      help += " (values: \(parameter.values.joined(separator: ", ")))"
    }
    if let initial = parameter.initial { help += " (default: \(initial))" }
    return (parameter.label, help, parameter.discussion)
  }

  private func section(_ title: String, _ rows: [Row]) -> [String] {
    rows.isEmpty ? [] : [([title + ":"] + rows.map(lines)).joined(separator: "\n")]
  }

  /// The column at which the helps begin; a longer label has a line of its own.
  private static var indent: Int { 26 }

  private func lines(_ row: Row) -> String {
    let label = "  " + row.label
    let width = label.unicodeScalars.count
    let margin = String(repeating: " ", count: Self.indent)
    var text: String
    if width + 2 > Self.indent {
      text = label + "\n" + Self.wrapped(margin + row.help, to: columns, indent: Self.indent)
    } else {
      let gap = String(repeating: " ", count: Self.indent - width)
      text = Self.wrapped(label + gap + row.help, to: columns, indent: Self.indent)
    }
    for line in row.discussion.split(separator: "\n") {
      text += "\n" + Self.wrapped("        " + line, to: columns, indent: 8)
    }
    return text
  }

  private func filled(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { Self.wrapped(String($0), to: columns, indent: $0.prefix { $0 == " " }.count) }
      .joined(separator: "\n")
  }

  /// Breaks a line at its blanks; further lines begin with `indent` blanks.
  static func wrapped(_ line: String, to columns: Int, indent: Int) -> String {
    // Blanks at the beginning and between columns stay.
    let margin = line.unicodeScalars.count <= indent ? line.unicodeScalars.count : indent
    let head = String(line.prefix(margin))
    var lines: [String] = []
    var current = head
    var isFirstWord = true
    for word in line.dropFirst(margin).split(separator: " ") {
      let width = current.unicodeScalars.count + word.unicodeScalars.count
      if !isFirstWord, width + 1 > columns {
        lines.append(current)
        current = String(repeating: " ", count: indent) + word
      } else {
        current += isFirstWord ? String(word) : " " + word
      }
      isFirstWord = false
    }
    return (lines + [current]).joined(separator: "\n")
  }
}

extension Grammar {
  /// Returns the usage line of the command at a path: its names, options and arguments.
  public func usage(_ path: [String]) -> String {
    guard let command = command(at: path) else { return path.joined(separator: " ") }
    var words = path
    if command.passesArguments { return (words + ["[argument ...]"]).joined(separator: " ") }
    if command.make != nil || path.count == 1 { words.append("[options]") }
    if !command.children.isEmpty {
      let isNeeded = command.make == nil && command.defaultChild == nil
      words.append(isNeeded ? "<command>" : "[command]")
    }
    words += command.positionals.filter { !$0.isHidden }.map {
      $0.isRequired ? $0.label : "[\($0.label)]"
    }
    return words.joined(separator: " ")
  }
}
