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
    Explanation(error, in: launch.charset).brief
  }

  /// What the operator calls an account, or its number.
  func name(of account: AccountID) -> String {
    if account.isUnnamed { return "the document" }
    guard let profile = inbox.profile(account), !profile.name.isEmpty else { return account.text }
    return pen.cell(profile.name)
  }

  func name(of key: ProfileKey) -> String {
    switch key {
    case .account(let account): name(of: account)
    case .unresolved(let name): pen.cell(name)
    }
  }

  /// `all accounts`, or the one whose eyes are used. For a document its name: it does not say who saved
  /// it.
  var whose: String {
    guard let scope else {
      guard launch.backend == .document else { return "all accounts" }
      let path = launch.place.address
      let name = path.bytes.split(separator: UInt8(ascii: "/")).last.map { Array($0) } ?? []
      return path == Untrusted("-") ? "standard input" : pen.cell(Untrusted(bytes: name))
    }
    let name = name(of: scope)
    return name == scope.text ? name : "\(scope.text) \(name)"
  }

  /// `+16d`, when the embedded organization's clock was advanced.
  var offset: String? {
    let offset = launch.storeOffset
    guard offset != .zero else { return nil }
    let sign = offset < .zero ? "-" : "+"
    return sign + offset.magnitude.shortWords
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

extension AccountID {
  /// The account that stands for a document whose rows name none. No account has this number.
  public static let unnamed = AccountID("000000000000")

  var isUnnamed: Bool { self == .unnamed }
}
