import Drawing
import Model
import Review
import Text

// The interface's own sentences; what went wrong is put into words by `Explanation`.

extension State {
  func words(for refusal: Plan.Refusal, to answer: Answer) -> String {
    Explanation(refusal, to: answer, in: launch.charset).why
  }

  func words(for error: BackendError) -> String {
    Explanation(error, in: launch.charset).why
  }

  /// What the operator calls an account, or its number.
  func name(of account: AccountID) -> String {
    guard let profile = inbox.profile(account), !profile.name.isEmpty else { return account.text }
    return pen.cell(profile.name)
  }

  func name(of key: ProfileKey) -> String {
    switch key {
    case .account(let account): name(of: account)
    case .unresolved(let name): pen.cell(name)
    }
  }

  /// `all accounts`, or the one whose eyes are used.
  var whose: String {
    guard let scope else { return "all accounts" }
    let name = name(of: scope)
    return name == scope.text ? name : "\(scope.text) \(name)"
  }

  /// Who acts, as STS tells: the one caller, or how many.
  var callers: String {
    let accounts = scope.map { [$0] } ?? inbox.profiles.map(\.account)
    let callers = accounts.compactMap { inbox.identity($0)?.caller }
    guard let first = callers.first else { return "" }
    if callers.count == 1 { return "as \(pen.exact(first))" }
    let user = first.bytes.split(separator: UInt8(ascii: "/")).last ?? []
    let same = callers.allSatisfy { $0.bytes.split(separator: UInt8(ascii: "/")).last == user }
    return same
      ? "as \(pen.exact(Untrusted(bytes: user))) in \(callers.count) accounts"
      : "as \(callers.count) callers"
  }

  /// `+16d`, when the embedded organization's clock was advanced.
  var offset: String? {
    let offset = launch.storeOffset
    guard offset != .zero else { return nil }
    let sign = offset < .zero ? "-" : "+"
    return sign + Span(milliseconds: abs(offset.milliseconds)).shortWords
  }
}

/// How the sources of the shown accounts stand.
struct SourceSummary: Hashable {
  var total = 0
  var complete = 0
  var waiting = 0
  var failed: [ProfileKey] = []
  /// The oldest of the complete ones.
  var oldest: Timestamp?
}

extension State {
  var sourceSummary: SourceSummary {
    var summary = SourceSummary()
    for profile in inbox.profiles where scope == nil || scope == profile.account {
      summary.total += 1
      let keys = [
        SourceKey(profile.account, .received), SourceKey(profile.account, .sent),
      ]
      let statuses = keys.compactMap { inbox.sources[$0]?.status }
      if statuses.contains(where: \.isFailure) {
        summary.failed.append(.account(profile.account))
      } else if statuses.isEmpty || statuses.contains(where: { !$0.hasEnded }) {
        summary.waiting += 1
      } else {
        summary.complete += 1
      }
      for case .complete(let time) in statuses {
        summary.oldest = min(summary.oldest ?? time, time)
      }
    }
    // The account that is looked through may turn out to be one of them.
    if scope.map({ inbox.profile($0) == nil }) ?? true {
      for profile in inbox.unresolvedProfiles {
        summary.total += 1
        if profile.error == nil {
          summary.waiting += 1
        } else {
          summary.failed.append(.unresolved(profile.name))
        }
      }
    }
    return summary
  }
}

extension ProfileKey {
  var account: AccountID? {
    if case .account(let account) = self { account } else { nil }
  }
}

extension SourceStatus {
  var isFailure: Bool {
    if case .failed = self { true } else { false }
  }
}

extension JournalState {
  /// The handshake that a line is about.
  func handshake(of record: JournalRecord) -> HandshakeID? {
    switch record.event {
    case .intent(let intent): intent.handshake
    case .outcome(let id, _): intent(id)?.handshake
    case .mismatch(let id, _, _): id
    case .stopped(_, let notTried): notTried.first
    case .genesis, .torn, .segment, .trustAdded, .trustRemoved, .other: nil
    }
  }

  /// The attempt of this name.
  func intent(_ id: IntentID) -> JournalIntent? {
    for record in records.reversed() {
      if case .intent(let intent) = record.event, intent.id == id { return intent }
    }
    return nil
  }
}
