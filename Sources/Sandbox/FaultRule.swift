import Model
import Text
import Wire

/// One way in which a network, a proxy or the service disturbs a call.
public enum FaultSpec: Hashable, Sendable {
  /// The service replies with TooManyRequestsException; nothing is applied.
  case throttle
  /// The service replies with ConcurrentModificationException; nothing is applied.
  case conflict
  /// The service replies with a server error; nothing is applied.
  case errorBefore(status: Int)
  /// The call is applied; the service replies with a server error.
  case errorAfter(status: Int)
  /// The connection is closed without a reply; nothing is applied.
  case lostBefore
  /// The call is applied; the connection is closed without a reply.
  case lost
  /// The call is applied; the connection is reset without a reply.
  case reset
  /// The call is applied; the body is cut after `bytes` bytes, or in its middle if nil.
  case truncated(bytes: Int?)
  /// The call is applied at once; the reply is sent after this delay.
  case slow(Span)
  /// The call is applied after this delay and then answered.
  case late(Span)
  /// The reply is sent byte by byte, with this pause before each.
  case trickle(Span)
  /// A proxy's page is sent instead of a reply; nothing is applied.
  case htmlBefore(status: Int)
  /// The call is applied; a proxy's page is sent instead of its reply.
  case html(status: Int)
  /// A page of a listing is empty and has a token for the next page.
  case emptyPages
  /// The service's clock is wrong by this much, for checking signatures and dating replies.
  case skew(Span)
}

/// A fault with the conditions under which it is injected.
public struct FaultRule: Hashable, Sendable {
  /// The fault to inject.
  public var fault: FaultSpec
  /// The operation that it is limited to; nil means all.
  public var operation: Operation?
  /// The number of times it is still to be injected; nil means without limit.
  public var count: Int?
  /// The probability with which a matching call is hit, from 0 to 1.
  public var probability: Double

  /// Creates a rule that applies to every call, without limit, unless told otherwise.
  public init(
    _ fault: FaultSpec, operation: Operation? = nil, count: Int? = nil, probability: Double = 1
  ) {
    self.fault = fault
    self.operation = operation
    self.count = count
    self.probability = probability
  }
}

// The text form of a rule, on the command line and on the admin path:
//
//     lost
//     5xx-before,status=503,op=AcceptHandshake,count=2
//     slow,delay=2s,probability=0.25
//     skew,by=-10m

extension FaultRule {
  /// The error of a rule that cannot be parsed.
  ///
  /// `detail` is printable if the rule's text was.
  public struct Malformed: Error, Hashable {
    /// The message: which part of the rule is invalid, and what is expected.
    public var detail: String
  }

  /// The kinds of faults with their effect and options, for the help.
  public static let grammar: [(kind: String, meaning: String)] = [
    ("throttle", "TooManyRequestsException; nothing is applied"),
    ("conflict", "ConcurrentModificationException; nothing is applied"),
    ("5xx-before", "a server error, nothing applied; status=500|502|503|504"),
    ("5xx-after", "a server error after the call was applied; status=…"),
    ("lost-before", "the connection is closed, nothing applied"),
    ("lost", "applied, then the connection is closed without a reply"),
    ("reset", "applied, then the connection is reset"),
    ("truncated", "applied, then the reply's body is cut; bytes=N, default half"),
    ("slow", "applied at once, answered later; delay=2s"),
    ("late", "applied and answered later; delay=2s"),
    ("trickle", "the reply comes byte by byte; delay=20 (milliseconds)"),
    ("html-before", "a proxy page, nothing applied; status=200|407|502|…"),
    ("html", "applied, then a proxy page; status=…"),
    ("empty-pages", "every other page of a listing is empty, with a NextToken"),
    ("skew", "the service's clock is wrong; by=10m or by=-10m"),
  ]

  /// Parses `KIND[,op=OPERATION][,count=N][,probability=P][,…]`.
  ///
  /// `operation=` is accepted for `op=`.
  ///
  /// - Throws: `Malformed` if the kind is unknown, or if an option is unknown to it, repeated or
  ///   has an invalid value.
  public init(_ text: String) throws(Malformed) {
    var parts = text.split(separator: ",", omittingEmptySubsequences: false)[...]
    let kind = parts.popFirst().map { String($0) } ?? ""
    var options: [String: String] = [:]
    for part in parts {
      let pair = part.split(separator: "=", maxSplits: 1).map { String($0) }
      guard pair.count == 2, options.updateValue(pair[1], forKey: pair[0]) == nil else {
        throw Malformed(detail: "“\(part)” is not NAME=VALUE, or is repeated")
      }
    }
    if let name = options.removeValue(forKey: "operation") {
      // Both spellings are accepted, because users guess either.
      guard options.updateValue(name, forKey: "op") == nil else {
        throw Malformed(detail: "“op” is repeated")
      }
    }
    operation = try Self.take("op", from: &options, "the name of an operation") {
      Operation(rawValue: $0)
    }
    count = try Self.take("count", from: &options, "a number from 1") {
      Int($0).flatMap { $0 >= 1 ? $0 : nil }
    }
    probability =
      try Self.take("probability", from: &options, "a number between 0 and 1") {
        Double($0).flatMap { (0...1).contains($0) ? $0 : nil }
      } ?? 1
    fault = try Self.fault(kind, &options)
    if let name = options.keys.min() {
      throw Malformed(detail: "“\(kind)” takes no “\(name)”")
    }
  }

  /// Parses the fault of a kind and removes its options from `options`.
  ///
  /// - Throws: `Malformed` if the kind is unknown or an option's value is invalid.
  private static func fault(
    _ kind: String, _ options: inout [String: String]
  ) throws(Malformed) -> FaultSpec {
    switch kind {
    case "throttle": .throttle
    case "conflict": .conflict
    case "5xx-before": .errorBefore(status: try serverStatus(&options))
    case "5xx-after": .errorAfter(status: try serverStatus(&options))
    case "lost-before": .lostBefore
    case "lost": .lost
    case "reset": .reset
    case "truncated":
      .truncated(
        bytes: try take("bytes", from: &options, "a number from 0") {
          Int($0).flatMap { $0 >= 0 ? $0 : nil }
        })
    case "slow": .slow(try delay(&options) ?? .seconds(2))
    case "late": .late(try delay(&options) ?? .seconds(2))
    case "trickle": .trickle(try delay(&options) ?? Span(milliseconds: 20))
    case "html-before": .htmlBefore(status: try anyStatus(&options) ?? 502)
    case "html": .html(status: try anyStatus(&options) ?? 200)
    case "empty-pages": .emptyPages
    case "skew":
      .skew(
        try take("by", from: &options, "a time such as 10m or -10m", signedSpan) ?? .minutes(10))
    default:
      throw Malformed(
        detail: "“\(kind)” is not a fault; use "
          + grammar.map(\.kind).joined(separator: ", "))
    }
  }

  /// Takes the option `status`: 500, 502, 503 or 504; 500 by default.
  ///
  /// - Throws: `Malformed` for any other value.
  private static func serverStatus(_ options: inout [String: String]) throws(Malformed) -> Int {
    try take("status", from: &options, "one of 500, 502, 503, 504") {
      Int($0).flatMap { [500, 502, 503, 504].contains($0) ? $0 : nil }
    } ?? 500
  }

  /// Takes the option `status`, from 200 to 599.
  ///
  /// - Throws: `Malformed` for any other value.
  private static func anyStatus(_ options: inout [String: String]) throws(Malformed) -> Int? {
    try take("status", from: &options, "a status from 200 to 599") {
      Int($0).flatMap { (200...599).contains($0) ? $0 : nil }
    }
  }

  /// Takes the option `delay`: milliseconds or a span such as `2s`, at most an hour.
  ///
  /// - Throws: `Malformed` for any other value.
  private static func delay(_ options: inout [String: String]) throws(Malformed) -> Span? {
    try take("delay", from: &options, "milliseconds, or a time such as 2s") { text in
      let span = Int64(text).map { Span(milliseconds: $0) } ?? Span(text)
      return span.flatMap { (Span.zero...Span.hours(1)).contains($0) ? $0 : nil }
    }
  }

  private static func signedSpan(_ text: String) -> Span? {
    guard let span = Span(text.hasPrefix("-") ? String(text.dropFirst()) : text) else { return nil }
    return text.hasPrefix("-") ? Span.zero - span : span
  }

  /// Removes an option and returns its value; nil if it is absent.
  ///
  /// - Throws: `Malformed` if `read` returns nil for its text.
  private static func take<Value>(
    _ name: String, from options: inout [String: String], _ wanted: String,
    _ read: (String) -> Value?
  ) throws(Malformed) -> Value? {
    guard let text = options.removeValue(forKey: name) else { return nil }
    guard let value = read(text) else {
      throw Malformed(detail: "“\(text)” is not \(wanted)")
    }
    return value
  }
}

extension FaultRule: CustomStringConvertible {
  /// The rule as it is written on the command line.
  public var description: String {
    var text = fault.text
    if let operation { text += ",op=\(operation.rawValue)" }
    if let count { text += ",count=\(count)" }
    if probability < 1 { text += ",probability=\(probability)" }
    return text
  }
}

extension FaultSpec {
  /// The name of the fault's kind, without options.
  var name: String { String(text.prefix { $0 != "," }) }

  fileprivate var text: String {
    switch self {
    case .throttle: "throttle"
    case .conflict: "conflict"
    case .errorBefore(let status): "5xx-before,status=\(status)"
    case .errorAfter(let status): "5xx-after,status=\(status)"
    case .lostBefore: "lost-before"
    case .lost: "lost"
    case .reset: "reset"
    case .truncated(let bytes): bytes.map { "truncated,bytes=\($0)" } ?? "truncated"
    case .slow(let span): "slow,delay=\(span.milliseconds)"
    case .late(let span): "late,delay=\(span.milliseconds)"
    case .trickle(let span): "trickle,delay=\(span.milliseconds)"
    case .htmlBefore(let status): "html-before,status=\(status)"
    case .html(let status): "html,status=\(status)"
    case .emptyPages: "empty-pages"
    case .skew(let span): "skew,by=\(span.milliseconds / 1_000)s"
    }
  }
}

extension FaultRule {
  /// Parses the rules of a request's body.
  ///
  /// The body is one rule or an array of rules; each is the text of the command line or an object
  /// such as `{"kind": "lost", "op": "AcceptHandshake", "count": 1}`.
  ///
  /// - Throws: `AdminFault.malformed` for the first rule that is neither or cannot be parsed.
  static func rules(_ body: JSONValue) throws(AdminFault) -> [FaultRule] {
    var rules: [FaultRule] = []
    for value in body.array ?? [body] {
      guard let text = text(value) else {
        throw .malformed("a rule is {\"kind\": \"lost\", …} or the text of --fault")
      }
      do throws(Malformed) { rules.append(try FaultRule(text)) } catch {
        throw .malformed(error.detail)
      }
    }
    return rules
  }

  private static func text(_ value: JSONValue) -> String? {
    if let text = value.string { return text.asciiText }
    guard let members = value.object, let kind = value["kind"]?.string?.asciiText else {
      return nil
    }
    var text = kind
    for member in members where member.name != Untrusted("kind") {
      guard let name = member.name.asciiText,
        let option = member.value.string?.asciiText ?? member.value.number?.text,
        !option.contains(",")
      else { return nil }
      text += ",\(name)=\(option)"
    }
    return text
  }
}
