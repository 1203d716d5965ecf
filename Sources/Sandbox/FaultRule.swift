import Model
import Text
import Wire

/// One way in which a network, a proxy or the service spoils a call.
public enum FaultSpec: Hashable, Sendable {
  /// TooManyRequestsException; nothing is applied.
  case throttle
  /// ConcurrentModificationException; nothing is applied.
  case conflict
  /// A server's error instead of the call; nothing is applied.
  case errorBefore(status: Int)
  /// The call is applied; a server's error comes instead of its reply.
  case errorAfter(status: Int)
  /// The connection ends; nothing is applied.
  case lostBefore
  /// The call is applied; the connection ends without a reply.
  case lost
  /// The same with a reset.
  case reset
  /// The call is applied; the body ends after so many bytes, or in its middle.
  case truncated(bytes: Int?)
  /// The call is applied at once; the reply comes this much later.
  case slow(Span)
  /// The call is applied this much later, and then answered.
  case late(Span)
  /// The reply comes byte by byte with this pause before each.
  case trickle(Span)
  /// A proxy's page comes instead of the call; nothing is applied.
  case htmlBefore(status: Int)
  /// The call is applied; a proxy's page comes instead of its reply.
  case html(status: Int)
  /// A listing's page holds nothing and goes on.
  case emptyPages
  /// The service's clock goes wrong by this much: signatures are judged and replies dated by it.
  case skew(Span)
}

/// When a fault strikes.
public struct FaultRule: Hashable, Sendable {
  public var fault: FaultSpec
  /// Only this operation; nil is any.
  public var operation: Operation?
  /// How many times more; nil is for ever.
  public var count: Int?
  /// 0…1
  public var probability: Double

  public init(
    _ fault: FaultSpec, operation: Operation? = nil, count: Int? = nil, probability: Double = 1
  ) {
    self.fault = fault
    self.operation = operation
    self.count = count
    self.probability = probability
  }
}

// How a rule is written on the command line and on the admin path:
//
//     lost
//     5xx-before,status=503,op=AcceptHandshake,count=2
//     slow,delay=2s,probability=0.25
//     skew,by=-10m

extension FaultRule {
  /// The rule cannot be understood; `detail` is printable when the rule was.
  public struct Malformed: Error, Hashable {
    public var detail: String
  }

  /// The kinds and what each takes, for help.
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

  /// Reads `KIND[,op=OPERATION][,count=N][,probability=P][,…]`.
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
      // Both names, since both are guessed.
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

  private static func serverStatus(_ options: inout [String: String]) throws(Malformed) -> Int {
    try take("status", from: &options, "one of 500, 502, 503, 504") {
      Int($0).flatMap { [500, 502, 503, 504].contains($0) ? $0 : nil }
    } ?? 500
  }

  private static func anyStatus(_ options: inout [String: String]) throws(Malformed) -> Int? {
    try take("status", from: &options, "a status from 200 to 599") {
      Int($0).flatMap { (200...599).contains($0) ? $0 : nil }
    }
  }

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
  /// As it would be written.
  public var description: String {
    var text = fault.text
    if let operation { text += ",op=\(operation.rawValue)" }
    if let count { text += ",count=\(count)" }
    if probability < 1 { text += ",probability=\(probability)" }
    return text
  }
}

extension FaultSpec {
  /// The kind's name alone.
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
  /// The rules of a body: one or an array of them, each the text of the command line or an object
  /// such as `{"kind": "lost", "op": "AcceptHandshake", "count": 1}`.
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
