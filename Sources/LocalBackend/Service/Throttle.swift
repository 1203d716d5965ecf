import Model

/// The service's request rates as token buckets.
///
/// They are kept as rows of the store, so they apply to all processes that use it.
struct Throttle {
  let db: Database
  let now: Timestamp

  /// Takes one token for `caller` and one for its organization; returns the refusal if one is
  /// missing.
  ///
  /// If either is missing, neither is taken.
  func acquire(_ operation: Operation, for caller: AccountID) throws -> Refusal? {
    guard let rates = operation.rates else { return nil }
    var buckets = [(scope: "account:\(caller.text)", rate: rates.account)]
    if let rate = rates.organization,
      let membership = try MembershipRow.fetch(db, of: caller)
    {
      buckets.append(("organization:\(membership.organization.text)", rate))
    }
    var levels: [Int64] = []
    for bucket in buckets {
      let level = try level(bucket.scope, operation, bucket.rate)
      guard level >= Self.token else {
        try forgetFuture(bucket.scope, operation)
        return tooMany(after: Span(milliseconds: wait(for: Self.token - level, bucket.rate)))
      }
      levels.append(level - Self.token)
    }
    for (bucket, level) in zip(buckets, levels) {
      try db.execute(
        "INSERT OR REPLACE INTO buckets (scope, operation, tokens, at) VALUES (?, ?, ?, ?)",
        [bucket.scope, operation.rawValue, level, now.milliseconds])
    }
    return nil
  }

  /// The value of one token: levels are kept in thousandths, so that 1 token a second is 1 a
  /// millisecond.
  private static let token: Int64 = 1_000

  private func level(_ scope: String, _ operation: Operation, _ rate: Operation.Rate) throws
    -> Int64
  {
    let full = rate.burst * Self.token
    return try db.first(
      "SELECT tokens, at FROM buckets WHERE scope = ? AND operation = ?",
      [scope, operation.rawValue]
    ) { row in
      // The file may hold any number: clamp it to what a bucket can hold.
      let kept = min(max(try row.number("tokens"), 0), full)
      // A clock that was set back adds nothing; one that jumped ahead fills the bucket.
      let waited = min(max((now - (try row.time("at"))).milliseconds, 0), full)
      return min(full, kept + waited * rate.perSecond)
    } ?? full
  }

  /// Makes a bucket fill from now on if the clock was set back, not when the clock has caught up.
  private func forgetFuture(_ scope: String, _ operation: Operation) throws {
    try db.execute(
      "UPDATE buckets SET at = ?1 WHERE scope = ?2 AND operation = ?3 AND at > ?1",
      [now.milliseconds, scope, operation.rawValue])
  }

  private func wait(for missing: Int64, _ rate: Operation.Rate) -> Int64 {
    (missing + rate.perSecond - 1) / rate.perSecond
  }

  private func tooMany(after wait: Span) -> Refusal {
    Refusal(
      .tooManyRequests, nil,
      "You have sent too many requests in too short a period of time. Try again later.",
      retryAfter: wait)
  }
}
