import Model
import Text

extension LocalBackend {
  /// Runs a request that changes nothing.
  ///
  /// With throttling it runs as a write, since it takes a token from its bucket.
  ///
  /// - Throws: `BackendError` for a refusal, a failure of the file, or if the task was cancelled;
  ///   see `failure(_:_:committing:_:)`.
  func read<Value: Sendable>(
    _ operation: Operation, _ body: @escaping @Sendable (Transaction) throws -> Value
  ) async throws(BackendError) -> Reply<Value> {
    if store.options.throttle { return try await write(operation, body) }
    try store.doubt.check(operation)
    let (store, requestID) = (store, newRequestID())
    do {
      let outcome = try await store.reader.read { db in
        try Outcome.of(operation, self, db, body)
      }
      return try outcome.reply(operation, requestID)
    } catch let error as BackendError {
      throw error
    } catch is CancellationError {
      throw BackendError(.cancelled, in: operation, applied: .notSent)
    } catch {
      throw await failure(error, operation, committing: false, requestID)
    }
  }

  /// Runs one request in one transaction, which cancelling the caller's task does not interrupt.
  ///
  /// - Throws: `BackendError` for a refusal or a failure of the file; see
  ///   `failure(_:_:committing:_:)`. A commit with an unknown result raises the store's doubt.
  func write<Value: Sendable>(
    _ operation: Operation, _ body: @escaping @Sendable (Transaction) throws -> Value
  ) async throws(BackendError) -> Reply<Value> {
    try store.doubt.check(operation)
    let (store, requestID) = (store, newRequestID())
    let work: @Sendable (Database) throws -> Outcome<Value> = { db in
      try inTransaction(db) {
        let clock = try StoreSettings.fetch(db).clock(store.time)
        try ExpirySweep(db: db, now: clock.now).run()
        if store.options.throttle,
          let refusal = try Throttle(db: db, now: clock.now).acquire(operation, for: account)
        {
          return Outcome(result: .failure(refusal), time: clock.now)
        }
        return try Outcome.undoingRefusals(operation, self, db, body)
      }
    }
    do {
      return try await store.writer.use(work).reply(operation, requestID)
    } catch let error as BackendError {
      throw error
    } catch let failed as FailedTransaction {
      let error = await failure(failed.cause, operation, committing: failed.committing, requestID)
      if error.applied == .unknown { store.doubt.raise() }
      throw error
    } catch {
      throw await failure(error, operation, committing: false, requestID)
    }
  }

  private func newRequestID() -> Untrusted { Untrusted(store.random.uuid().text) }
}

/// Runs `body` in an immediate transaction, which takes the write lock at its beginning.
private func inTransaction<Value>(_ db: Database, _ body: () throws -> Value) throws -> Value {
  var committing = false
  do {
    return try db.transaction(.immediate) {
      let value = try body()
      committing = true
      return value
    }
  } catch { throw FailedTransaction(cause: error, committing: committing) }
}

/// The error of a transaction, with whether it failed while it was being committed.
private struct FailedTransaction: Error {
  var cause: any Error
  var committing: Bool
}

/// The service's reply to one request, and the store's time at it.
private struct Outcome<Value: Sendable>: Sendable {
  var result: Result<Value, Refusal>
  var time: Timestamp

  static func of(
    _ operation: Operation, _ backend: LocalBackend, _ db: Database,
    _ body: (Transaction) throws -> Value
  ) throws -> Outcome {
    let settings = try StoreSettings.fetch(db)
    let transaction = Transaction(
      db: db, operation: operation, caller: backend.account,
      now: settings.clock(backend.store.time).now, options: settings.options,
      random: backend.store.random, emptyPages: backend.emptyPages,
      pageLength: backend.pageLength)
    do {
      return Outcome(result: .success(try body(transaction)), time: transaction.now)
    } catch let refusal as Refusal {
      return Outcome(result: .failure(refusal), time: transaction.now)
    }
  }

  /// Runs a request in a savepoint that is rolled back if the request is refused.
  ///
  /// What came before it remains: the token taken and the expired handshakes.
  static func undoingRefusals(
    _ operation: Operation, _ backend: LocalBackend, _ db: Database,
    _ body: (Transaction) throws -> Value
  ) throws -> Outcome {
    try db.savepoint {
      try of(operation, backend, db, body)
    } keeps: { outcome in
      if case .failure = outcome.result { false } else { true }
    }
  }

  /// Returns the reply to the client.
  ///
  /// - Throws: `BackendError` with the refusal, as not applied.
  func reply(_ operation: Operation, _ requestID: Untrusted) throws(BackendError) -> Reply<Value> {
    switch result {
    case .success(let value): return Reply(value, at: time, requestID: requestID)
    case .failure(let refusal):
      throw BackendError(
        .service(
          refusal.exception, reason: refusal.reason, message: Untrusted(refusal.message)),
        in: operation, applied: .refused, requestID: requestID, retryAfter: refusal.retryAfter,
        time: time)
    }
  }
}

// The errors of the file in the service's own terms.

extension LocalBackend {
  /// Returns the error that a failure of the file is reported as.
  ///
  /// - Another process holds the file longer than the timeout: `ConcurrentModificationException`.
  /// - The disk is full or fails: `ServiceException`. Nothing was applied, unless the failure came
  ///   while the commit was being written: then the result is unknown until the file is read again.
  /// - The file is damaged: `.store`, as the service is no longer usable.
  func failure(
    _ error: any Error, _ operation: Operation, committing: Bool, _ requestID: Untrusted
  ) async -> BackendError {
    guard let database = error as? DatabaseError else {
      return BackendError(
        .store(Untrusted(String(describing: error))), in: operation,
        applied: committing ? .unknown : .refused)
    }
    let detail = Untrusted(database.message)
    let code = database.code.primary
    let time = try? await store.clock().now
    switch code {
    case .busy, .locked:
      return BackendError(
        .service(.concurrentModification, reason: nil, message: detail), in: operation,
        applied: .refused, requestID: requestID, time: time)
    case .corrupt, .notADatabase, .mismatch, .error, .schema:
      return BackendError(
        .store(detail), in: operation, applied: committing ? .unknown : .refused,
        requestID: requestID)
    default:
      // A commit that found no room was never written completely.
      let known = !committing || code == .full || code == .constraint
      return BackendError(
        .service(.service, reason: nil, message: detail), in: operation,
        applied: known ? .refused : .unknown, requestID: requestID, time: time)
    }
  }
}
