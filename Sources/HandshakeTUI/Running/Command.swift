import Arguments
import Model
import ReviewAnswering
import ReviewJournal
import ReviewWording
import Text

/// A command of this program: its options, and its work with the resulting settings.
protocol Subcommand: Sendable {
  /// The handling of the signals that end programs.
  var signals: SignalPolicy { get }

  /// Checks the options beyond what the parser checks.
  ///
  /// - Throws: `CommandFailure` with status `usage` for an invalid command line, or another one
  ///   when a file that an option names cannot be used.
  func check() throws(CommandFailure)

  /// Runs the command, and returns the status with which the program exits.
  ///
  /// - Throws: `CommandFailure` with the status and the message when the command fails.
  func perform(_ run: CommandContext) throws(CommandFailure) -> Status
}

extension Subcommand {
  var signals: SignalPolicy { .plain }

  func check() throws(CommandFailure) {}
}

extension CommandDeclaration where Product == any Subcommand {
  /// Declares a command: its words, how it is before its options are assigned, and its options.
  init<Command: Subcommand>(
    _ name: String, summary: String, discussion: String = "", isHidden: Bool = false,
    passesArguments: Bool = false, start: @autoclosure @escaping @Sendable () -> Command,
    parameters: @escaping @Sendable () -> [Parameter<Command>] = { [] }
  ) {
    self.init(
      name, summary: summary, discussion: discussion, isHidden: isHidden,
      passesArguments: passesArguments, parameters: parameters, start: start, product: { $0 })
  }
}

/// The options that every command accepts, by their names with dashes; none for a flag.
struct GlobalOptions: Hashable, Sendable {
  var values: [String: [String]] = [:]

  subscript(option: String) -> [String]? { values[option] }

  func has(_ option: String) -> Bool { values[option] != nil }
}

extension SettingRow {
  /// The option of the command line that sets it; nil for a setting without one.
  var declaration: ParameterDeclaration? {
    guard let flag else { return nil }
    var also = ""
    if let variable, variable.effect == .gives { also = " Also \(variable.name)." }
    var values: [String] = []
    if case .choice(let names) = kind { values = names }
    return ParameterDeclaration(
      flag.value == nil ? .flag : .option, flag.name, valueName: flag.value ?? "",
      help: help + also, isRepeating: kind.isList, values: values, completion: flag.completion)
  }
}

extension CommandFailure {
  init(_ status: Status, _ explanation: Explanation) {
    let why = [explanation.why, explanation.requestID.map { "(request \($0))" } ?? ""]
      .filter { !$0.isEmpty }.joined(separator: " ")
    self.init(
      status, explanation.what, why: why.isEmpty ? nil : why,
      remedy: explanation.remedy.isEmpty ? nil : explanation.remedy)
  }

  /// Describes a failed request, with AWS's own error name and reason.
  init(_ error: BackendError, _ format: Formatter) {
    self.init(
      error.applied == .unknown ? .unknown : .failed, Explanation(error, in: format.charset))
  }

  init(_ fault: JournalFault, _ format: Formatter) {
    self.init(.failed, Explanation(fault, in: format.charset))
  }
}

extension Status {
  init(_ status: AnswerStatus) {
    self =
      switch status {
      case .done: .done
      case .failed: .failed
      case .partly: .partly
      case .refused: .refused
      case .unknown: .unknown
      }
  }
}
