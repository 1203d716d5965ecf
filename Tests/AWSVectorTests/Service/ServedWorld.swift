import LocalBackend
import Model
import Sandbox
import TestSupport
import Text
import Wire

/// A small organization, used through the bytes of the wire.
///
/// `100000000001` manages it, `100000000002` is standalone. Its clock is fixed in November 2026.
final class ServedWorld {
  let time = ManualTime()
  private let directory: TemporaryDirectory
  private let store: Store

  static let manager = "100000000001"
  static let loner = "100000000002"

  init() throws {
    directory = try TemporaryDirectory()
    store = try Store.create(
      at: directory.path + "/store", options: Store.Options(empty: true), time: time,
      random: SeededBytes())
  }

  /// Fails for a request that could not be read.
  func reply(
    to operation: String, _ body: [UInt8], as account: String = manager
  ) async throws -> ServedReply {
    let target = Untrusted("AWSOrganizationsV20161128." + operation)
    let request = try ServiceRequest(target: target, body: body)
    let backend = LocalBackend(
      store: store, account: try Fixture.account(account), user: "tester")
    return await backend.handle(request)
  }

  /// The answer in the service's own names: `ok`, or the exception and its reason.
  func said(_ operation: String, _ body: [UInt8]) async throws -> String {
    let error: ServiceError
    do {
      guard case .failure(let refused) = try await reply(to: operation, body).result else {
        return "ok"
      }
      error = refused
    } catch let fault as RequestFault { error = fault.error }
    // The reply as a client reads it.
    guard let read = ServiceError(header: nil, body: error.body) else { return "unreadable" }
    return [read.exception.knownName ?? "?", read.reason?.knownName].compactMap(\.self)
      .joined(separator: " ")
  }
}
