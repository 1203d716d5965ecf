import Model
import Text

extension Inquiry {
  /// `checking the outcome (try 3 of 6, next in 8 s): no reply to AcceptHandshake: …`, with what the
  /// last reading said.
  ///
  /// - Parameter wait: The time until the next reading; nil while one is under way.
  public func words(waiting wait: Span?, in charset: Charset) -> String {
    let next = wait.map { ", next in \($0.wholeSeconds) s" } ?? ""
    let last = found.map { "; last reading: \($0.finding(in: charset))" } ?? ""
    return "checking the outcome (try \(reading) of \(limit)\(next)): "
      + cause.words(in: charset) + last
  }

  /// The same for a cell of a table.
  public func shortWords(waiting wait: Span?) -> String {
    "checking \(reading)/\(limit)" + (wait.map { ", in \($0.wholeSeconds) s" } ?? "")
  }
}

extension Inquiry.Cause {
  /// Why it is read again, without a full stop.
  public func words(in charset: Charset) -> String {
    switch self {
    case .doubt(let doubt, nil): doubt.words.lowercasedStart
    case .doubt(_, let error?), .conflict(let error): error.brief(in: charset)
    }
  }
}

extension BackendError {
  /// The call and what came instead of its reply: `no reply to AcceptHandshake: connection reset`.
  fileprivate func brief(in charset: Charset) -> String {
    let call = operation.rawValue
    let detail = said.map { ": \(Sanitiser.render($0, for: .dialog, in: charset))" } ?? ""
    switch failure {
    case .service(let exception, let reason, _):
      let name = Sanitiser.render(exception.wireName, for: .dialog, in: charset)
      let shown = reason.map { " (\(Sanitiser.render($0.wireName, for: .dialog, in: charset)))" }
      return "\(call) \(applied == .refused ? "refused" : "failed"): \(name)\(shown ?? "")"
    case .unreadable: return "unreadable reply to \(call)\(detail)"
    case .transport, .store, .certificates: return "no reply to \(call)\(detail)"
    case .credentials, .settings: return "\(call) was not signed\(detail)"
    case .cancelled: return "\(call) was given up before its reply"
    }
  }
}

extension IntentOutcome {
  /// What one reading said.
  fileprivate func finding(in charset: Charset) -> String {
    switch self {
    case .notApplied(let state?):
      "still \(Sanitiser.render(state.wireName, for: .dialog, in: charset))"
    case .notApplied(nil): "not among those sent"
    case .unknown(.oddState, _): "in a state that is not known here"
    case .unknown(.gone, _): "no such handshake"
    case .unknown: "it failed"
    case .done, .doneLater: "done"
    case .refused, .notSent: "not done"
    }
  }
}

extension String {
  /// To stand inside a sentence: no capital in front, no full stop at the end.
  fileprivate var lowercasedStart: String {
    let text = hasSuffix(".") ? String(dropLast()) : self
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}
