/// A flag, an option with a value or a positional argument, as data.
///
/// The parser, the help, the completions and the man page read it.
public struct ParameterDeclaration: Hashable, Sendable {
  /// The place that a parameter has on the command line.
  public enum Form: Hashable, Sendable {
    case flag
    case option
    case positional
  }

  /// Its place on the command line.
  public var form: Form
  /// The name with its dashes; for a positional argument that of its value, such as `ids`.
  public var name: String
  /// The name of the value, such as `file`; empty for a flag.
  public var valueName: String
  /// One sentence or two for the help.
  public var help: String
  /// More about it, below its row in the help.
  public var discussion: String
  /// Whether it may be given several times, each time with a value of its own.
  public var isRepeating: Bool
  /// Whether a positional argument must be given.
  public var isRequired: Bool
  /// Whether the next argument is its value even if that begins with a dash.
  public var takesDashes: Bool
  /// The only values that it accepts; empty for any.
  public var values: [String]
  /// The value that it has when it is not given, for the help.
  public var initial: String?
  /// The values that a shell offers.
  public var completion: Completion
  /// Whether the help, the man page and the completions leave it out.
  public var isHidden: Bool

  /// Creates a parameter, with the defaults of most.
  public init(
    _ form: Form, _ name: String, valueName: String = "", help: String, discussion: String = "",
    isRepeating: Bool = false, isRequired: Bool = false, takesDashes: Bool = false,
    values: [String] = [], initial: String? = nil, completion: Completion = .none,
    isHidden: Bool = false
  ) {
    self.form = form
    self.name = name
    self.valueName = valueName
    self.help = help
    self.discussion = discussion
    self.isRepeating = isRepeating
    self.isRequired = isRequired
    self.takesDashes = takesDashes
    self.values = values
    self.initial = initial
    self.completion = completion
    self.isHidden = isHidden
  }

  /// The option that every command has.
  public static let help = ParameterDeclaration(.flag, "--help", help: "Show this help.")

  /// The parameter as a command line shows it: `--json`, `--store <file>` or `<ids> ...`.
  public var label: String {
    switch form {
    case .flag: name == Self.help.name ? "-h, --help" : name
    case .option: "\(name) <\(valueName)>"
    case .positional: isRepeating ? "<\(valueName)> ..." : "<\(valueName)>"
    }
  }
}

/// The values that a shell offers for a parameter.
public enum Completion: Hashable, Sendable {
  case none
  /// Files, with this extension if there is one.
  case files(String?)
  case values([String])
  /// Values that the program finds when it is asked, by the name of the kind.
  case dynamic(String)
}

/// A command with its words, its parameters and the commands below it.
///
/// `Product` is what a command line makes: a command that is ready to run.
public struct CommandDeclaration<Product>: Sendable {
  /// The word on the command line; for the root that of the program.
  public let name: String
  /// One sentence.
  public let summary: String
  /// Paragraphs separated by empty lines; empty for none.
  public let discussion: String
  /// Whether the help, the man page and the completions leave it out.
  public let isHidden: Bool
  /// The commands below it.
  public let children: [CommandDeclaration]
  /// The child that runs when none is named.
  public let defaultChild: String?
  /// Whether all further arguments belong to another program.
  public let passesArguments: Bool
  private let declare: @Sendable () -> [ParameterDeclaration]
  let make: (@Sendable ([GivenValue]) throws(UsageError.Problem) -> Product)?

  /// Declares a command that runs.
  ///
  /// `parameters` is called when the command is named or described, not before. `start` makes the
  /// command before its parameters are assigned, `product` what runs from it afterwards.
  public init<Target>(
    _ name: String, summary: String, discussion: String = "", isHidden: Bool = false,
    passesArguments: Bool = false,
    parameters: @escaping @Sendable () -> [Parameter<Target>] = { [] },
    start: @escaping @Sendable () -> Target, product: @escaping @Sendable (Target) -> Product
  ) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.isHidden = isHidden
    self.passesArguments = passesArguments
    children = []
    defaultChild = nil
    declare = { parameters().map(\.declaration) }
    make = { given throws(UsageError.Problem) in
      var target = start()
      let parameters = given.isEmpty ? [] : parameters()
      for value in given {
        guard let parameter = parameters.first(where: { $0.declaration.name == value.name }) else {
          throw .unknownOption(value.name, known: parameters.map(\.declaration.name))
        }
        do throws(InvalidValue) {
          try parameter.assign(&target, value.text)
        } catch {
          throw .invalidValue(parameter.declaration, value.text, why: error.why)
        }
      }
      return product(target)
    }
  }

  /// Declares a command that only holds others.
  public init(
    _ name: String, summary: String, discussion: String = "", children: [CommandDeclaration],
    defaultChild: String? = nil
  ) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.children = children
    self.defaultChild = defaultChild
    isHidden = false
    passesArguments = false
    declare = { [] }
    make = nil
  }

  /// Declares a command that runs, as `base` does, and holds others.
  public init(_ base: CommandDeclaration, children: [CommandDeclaration]) {
    name = base.name
    summary = base.summary
    discussion = base.discussion
    isHidden = base.isHidden
    passesArguments = base.passesArguments
    self.children = children
    defaultChild = nil
    declare = base.declare
    make = base.make
  }

  /// The parameters of the command itself, without those that every command has.
  public var parameters: [ParameterDeclaration] { declare() }

  /// The positional arguments in their order.
  public var positionals: [ParameterDeclaration] { parameters.filter { $0.form == .positional } }

  /// The commands below it that are not hidden.
  public var visibleChildren: [CommandDeclaration] { children.filter { !$0.isHidden } }

  /// Returns the command below it of that name.
  public func child(_ name: String?) -> CommandDeclaration? {
    // Not by `first` or `for`: in generic code they look up conformances at run time, which takes as
    // long as all the rest of the parsing.
    var index = 0
    while index < children.count {
      if children[index].name == name { return children[index] }
      index += 1
    }
    return nil
  }
}

/// A parameter's value on the command line.
struct GivenValue {
  /// The parameter's name.
  var name: String
  /// Empty for a flag.
  var text: String
}

/// The commands of a program and the options that they share.
public struct Grammar<Product>: Sendable {
  /// The program.
  public let root: CommandDeclaration<Product>
  /// The options that every command accepts, before or after its name.
  public let shared: [ParameterDeclaration]
  /// The options that are given instead of a command; with a command's name or arguments they are
  /// refused.
  public let leading: [ParameterDeclaration]

  /// Creates a grammar; the options of `shared` and `leading` are not parameters of the root.
  public init(
    root: CommandDeclaration<Product>, shared: [ParameterDeclaration] = [],
    leading: [ParameterDeclaration] = []
  ) {
    self.root = root
    self.shared = shared
    self.leading = leading
  }

  /// Returns the command at a path from the root; nil for an unknown path.
  public func command(at path: [String]) -> CommandDeclaration<Product>? {
    var command: CommandDeclaration<Product>? = root
    for name in path.dropFirst() { command = command?.child(name) }
    return command
  }
}
