import Model
import Text

/// What went wrong, why, and what to do about it: the one place where errors become words.
///
/// Every sentence is printable: text of the service or of a sender has been through the sanitiser.
public struct Explanation: Hashable, Sendable {
  /// What happened, and whether anything changed.
  public var what: String
  /// Why, with AWS's own names in it where they are AWS's.
  public var why: String
  /// The cause alone, for one line of a list; nil where `why` says it.
  public var cause: String?
  /// What to do now.
  public var remedy: String
  /// What to quote to AWS Support.
  public var requestID: String?

  public init(what: String, why: String, remedy: String, requestID: String? = nil) {
    self.what = what
    self.why = why
    self.remedy = remedy
    self.requestID = requestID
  }

  /// What a single line has room for: the cause.
  public var brief: String { cause ?? why }
}

/// What a code means to an operator, and what to do.
struct Meaning: Hashable, Sendable {
  var why: String
  var remedy: String

  init(_ why: String, _ remedy: String) {
    self.why = why
    self.remedy = remedy
  }
}
