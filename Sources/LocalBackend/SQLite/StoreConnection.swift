import Dispatch
import Synchronization

/// A connection that any task and thread may use; one at a time has it.
///
/// A task that waits for it or for the disk holds no thread of Swift's own pool: its work runs on a
/// queue. Only what the connection hands out as `Sendable` leaves it.
final class StoreConnection: Sendable {
  private enum State {
    case unopened
    case open(Database)
    case closed
  }

  private let state: Mutex<State>
  private let opening: @Sendable () throws -> sending Database
  private let queue = DispatchQueue(label: "store")

  /// Creates a connection that `opening` makes when it is first used.
  init(opening: @escaping @Sendable () throws -> sending Database) {
    self.opening = opening
    state = Mutex(.unopened)
  }

  /// Creates a connection that is open.
  init(_ database: sending Database) {
    opening = { throw DatabaseError(.misuse) }
    state = Mutex(.open(database))
  }

  /// Whether the file is open.
  var isOpen: Bool {
    state.withLock { state in if case .open = state { true } else { false } }
  }

  /// Closes the file, if it was opened; every later use fails.
  ///
  /// - Throws: `DatabaseError` as SQLite fails.
  func close() throws {
    try state.withLock { state in
      if case .open(let database) = state { try database.close() }
      state = .closed
    }
  }

  /// Runs `body` on the calling thread, once the connection is free.
  ///
  /// - Throws: the error of `body` or of opening; `DatabaseError` if the connection was closed.
  func use<Value: Sendable>(
    _ body: @Sendable (Database) throws -> Value
  ) throws -> Value {
    try state.withLock { state in
      switch state {
      case .closed: throw DatabaseError(.misuse, "the connection is closed")
      case .open(let database): return try body(database)
      case .unopened:
        let database = try opening()
        state = .open(database)
        return try body(database)
      }
    }
  }
}

extension StoreConnection {
  /// Runs `body` on the connection's queue; cancelling the caller's task does not interrupt it.
  ///
  /// - Throws: as the synchronous form.
  func use<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result { try self.use(body) }) }
    }
  }

  /// Runs `body` in a transaction that reads one state of the file.
  ///
  /// - Throws: the error of `body`, or `DatabaseError` as SQLite fails.
  func read<Value: Sendable>(
    _ body: @Sendable (Database) throws -> Value
  ) throws -> Value {
    try use { database in try database.transaction(.deferred) { try body(database) } }
  }

  /// Runs `body` in a transaction that reads one state of the file, on the connection's queue.
  ///
  /// - Throws: as the synchronous form; `CancellationError` if the task was cancelled before it or
  ///   in its middle.
  func read<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws -> Value {
    let interruption = Interruption()
    do {
      return try await withTaskCancellationHandler {
        try await use { database in
          database.interruption = interruption
          defer { database.interruption = nil }
          return try database.transaction(.deferred) { try body(database) }
        }
      } onCancel: {
        interruption.request()
      }
    } catch let error as DatabaseError where error.code.primary == .interrupt {
      throw CancellationError()
    }
  }

  /// Runs `body` in a transaction that has the write lock.
  ///
  /// - Throws: the error of `body`, or `DatabaseError` as SQLite fails.
  func write<Value: Sendable>(
    _ body: @Sendable (Database) throws -> Value
  ) throws -> Value {
    try use { database in try database.transaction(.immediate) { try body(database) } }
  }

  /// Runs `body` in a transaction that has the write lock, on the connection's queue; cancelling the
  /// caller's task does not interrupt it.
  ///
  /// - Throws: as the synchronous form.
  func write<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws -> Value {
    try await use { database in try database.transaction(.immediate) { try body(database) } }
  }
}
