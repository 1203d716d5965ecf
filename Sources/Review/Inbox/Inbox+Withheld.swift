import Model

extension Inbox {
  /// Members that the service does not show what their organization sent, and through no other account
  /// was it read: there it is unknown, not none.
  ///
  /// - Parameter scope: Looks through this account alone; all of them with nil.
  public func withheld(in scope: AccountID? = nil) -> [AccountID] {
    let sent = sourcesInOrder.filter { source in
      source.key.direction == .sent && (scope == nil || source.key.account == scope)
    }
    let read = Set(
      sent.filter(\.status.isComplete).compactMap { organization(of: $0.key.account) })
    return sent.filter { $0.status == .notOffered }.map(\.key.account).filter { account in
      organization(of: account).map { !read.contains($0) } ?? true
    }
  }

  /// Whether every page of a listing was read.
  public func hasRead(_ key: SourceKey) -> Bool { sources[key]?.status.isComplete ?? false }

  private func organization(of account: AccountID) -> OrganizationID? {
    identity(account)?.organization?.id
  }
}

extension SourceStatus {
  fileprivate var isComplete: Bool {
    if case .complete = self { true } else { false }
  }
}
