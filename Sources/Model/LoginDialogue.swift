import Text

/// The questions that a backend may have to ask a person before it has credentials.
///
/// The screens and the terminal each have a way to ask; a script has none.
public protocol LoginDialogue: Sendable {
  /// Asks for the one-time code of an MFA device; returns nil if none was entered.
  ///
  /// The code is never kept or shown.
  func oneTimeCode(device: Untrusted, profile: Untrusted) async -> OneTimeCode?
  /// Shows the page to log in at, with any browser, and the code to compare there.
  ///
  /// It returns at once; the backend waits for the login itself.
  func visit(_ invitation: BrowserLogin) async
  /// Lends the terminal to a program of the operator's while `body` runs, and returns its result.
  ///
  /// The program may ask for something there, such as a one-time code or a PIN. Nobody else asks
  /// meanwhile.
  func lendTerminal<Value: Sendable>(
    for profile: Untrusted, _ body: @Sendable (TerminalLoan) async -> Value
  ) async -> Value
}

extension LoginDialogue {
  /// Runs `body` with `.none`, where there is no terminal to lend.
  public func lendTerminal<Value: Sendable>(
    for profile: Untrusted, _ body: @Sendable (TerminalLoan) async -> Value
  ) async -> Value {
    await body(.none)
  }
}

/// The part of the terminal that a program may use.
public enum TerminalLoan: Hashable, Sendable {
  case none
  /// The terminal except standard error, which is captured for the report of a failure.
  case withoutErrors
  case whole
}

/// A login that a person completes in a browser.
public struct BrowserLogin: Hashable, Sendable {
  /// The profile that is logged in.
  public var profile: Untrusted
  /// The page to log in at.
  public var url: Untrusted
  /// The code that the page shows too, for comparison.
  public var code: Untrusted
  /// The time for which the code is valid.
  public var validFor: Span

  /// Creates the invitation to a login.
  public init(profile: Untrusted, url: Untrusted, code: Untrusted, validFor: Span) {
    self.profile = profile
    self.url = url
    self.code = code
    self.validFor = validFor
  }
}

/// A code of six digits that is valid once.
///
/// Its description and its mirror do not contain the digits.
public struct OneTimeCode: Hashable, Sendable {
  /// The six ASCII digits, as STS takes them.
  public let digits: String

  /// Creates a code; nil unless `text` is what STS accepts, six ASCII digits.
  public init?(_ text: String) {
    guard text.utf8.count == 6, text.utf8.allSatisfy({ $0.isASCIIDigit }) else {
      return nil
    }
    digits = text
  }
}

extension OneTimeCode: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// A placeholder, so that the digits get into no message or log.
  public var description: String { "‹code›" }
  /// The same placeholder as `description`.
  public var debugDescription: String { description }
  /// A mirror without children, so that `dump` does not show the digits.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// A dialogue for where nobody can be asked.
public struct NoDialogue: LoginDialogue {
  /// Creates the dialogue.
  public init() {}
  /// Returns nil: nobody is there to enter a code.
  public func oneTimeCode(device: Untrusted, profile: Untrusted) async -> OneTimeCode? { nil }
  /// Does nothing: nobody is there to visit the page.
  public func visit(_ invitation: BrowserLogin) async {}
}
