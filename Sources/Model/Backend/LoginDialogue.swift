import Text

/// What a backend may have to ask of a person before it can act. The screens and the terminal each
/// have a way to do it; a script has none.
public protocol LoginDialogue: Sendable {
  /// The one-time code of a device. Nil when it was not given. Never kept or shown.
  func oneTimeCode(device: Untrusted, profile: Untrusted) async -> OneTimeCode?
  /// Shows where to log in with a browser, anywhere, and the code to compare there. Returns at once;
  /// the backend waits for the login itself.
  func visit(_ invitation: BrowserLogin) async
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
    guard text.utf8.count == 6, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
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
