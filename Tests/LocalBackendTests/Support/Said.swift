import Model
import TestSupport
import Text

/// What the service said to a call: `ok`, or its exception and reason in its own names.
///
///     await said { try await backend.accept(id) }  // "HandshakeNotFoundException"
func said<Value>(_ call: () async throws -> Value) async -> String {
  do {
    _ = try await call()
    return "ok"
  } catch let error as BackendError {
    guard let exception = error.exception else { return "\(error.failure)" }
    let names = [exception.nameInTests, error.reason?.knownName].compactMap(\.self)
    return names.joined(separator: " ")
  } catch { return "\(error)" }
}

/// The error of a call that must fail.
func failure<Value>(of call: () async throws -> Value) async throws -> BackendError {
  do { _ = try await call() } catch let error as BackendError { return error }
  throw FixtureError(text: "the call succeeded")
}

extension ServiceException {
  fileprivate var nameInTests: String {
    knownName ?? unknownText?.asciiText ?? "?"
  }
}
