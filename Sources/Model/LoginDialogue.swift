import Text

/// What a backend may have to ask of a person before it can act. The screens and the terminal each
/// have a way to do it; a script has none.
public protocol LoginDialogue: Sendable {
  /// The one-time code of a device. Nil when it was not given. Never kept or shown.
  func oneTimeCode(device: Untrusted, profile: Untrusted) async -> OneTimeCode?
  /// Shows where to log in with a browser, anywhere, and the code to compare there. Returns at once;
  /// the backend waits for the login itself.
  func visit(_ invitation: BrowserLogin) async
  /// Lends the terminal to a program of the operator's that may ask for something there (a one-time
  /// code, a PIN), for as long as `body` runs. Nobody else asks meanwhile.
  func lendTerminal<Value: Sendable>(
    for profile: Untrusted, _ body: @Sendable (TerminalLoan) async -> Value
  ) async -> Value
}

extension LoginDialogue {
  public func lendTerminal<Value: Sendable>(
    for profile: Untrusted, _ body: @Sendable (TerminalLoan) async -> Value
  ) async -> Value {
    await body(.none)
  }
}

/// What of the terminal a program may use.
public enum TerminalLoan: Hashable, Sendable {
  case none
  /// The terminal, but not for what it writes to standard error, which is kept to be told.
  case withoutErrors
  case whole
}

/// A login that a person finishes in a browser.
public struct BrowserLogin: Hashable, Sendable {
  public var profile: Untrusted
  public var url: Untrusted
  public var code: Untrusted
  /// How long the code is good for.
  public var validFor: Span

  public init(profile: Untrusted, url: Untrusted, code: Untrusted, validFor: Span) {
    self.profile = profile
    self.url = url
    self.code = code
    self.validFor = validFor
  }
}

/// Six digits that are good once. Its description tells nothing.
public struct OneTimeCode: Hashable, Sendable {
  public let digits: String

  /// Nil unless it is what STS takes: six digits.
  public init?(_ text: String) {
    guard text.utf8.count == 6, text.utf8.allSatisfy({ $0.isASCIIDigit }) else {
      return nil
    }
    digits = text
  }
}

extension OneTimeCode: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "‹code›" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Where nobody can be asked.
public struct NoDialogue: LoginDialogue {
  public init() {}
  public func oneTimeCode(device: Untrusted, profile: Untrusted) async -> OneTimeCode? { nil }
  public func visit(_ invitation: BrowserLogin) async {}
}
