import LocalBackend
import Model
import Sandbox
import TestSupport
import Text
import Wire

/// The demonstration's organizations, with requests as the sandbox makes them.
final class DemoService {
  let time = ManualTime()
  let store: Store
  private let directory: TemporaryDirectory

  init(_ options: Store.Options = Store.Options()) throws {
    directory = try TemporaryDirectory()
    store = try Store.create(
      at: directory.path + "/store", options: options, time: time, random: SeededBytes())
  }

  func reply(to request: ServiceRequest, as account: String) async throws -> ServedReply {
    await LocalBackend(store: store, account: try Fixture.account(account), user: "tester")
      .handle(request)
  }

  /// The reply as a client reads it: `ok`, or the exception and its reason in the service's own
  /// names.
  func said(_ request: ServiceRequest, as account: String) async throws -> String {
    switch try await reply(to: request, as: account).result {
    case .success: return "ok"
    case .failure(let error):
      guard let read = ServiceError(header: nil, body: error.body) else { return "unreadable" }
      return [read.exception.knownName ?? "?", read.reason?.knownName].compactMap(\.self)
        .joined(separator: " ")
    }
  }

  /// The pending handshake from `sender` to `account`.
  func pending(
    _ account: String, from sender: String, _ action: Action = .invite
  ) async throws -> Untrusted {
    var listing = ServiceRequest.Listing(.sent, action: action)
    repeat {
      guard case .success(.page(let page)) = try await reply(to: .list(listing), as: sender).result
      else { throw FixtureError(text: "\(sender) cannot list") }
      let found = page.handshakes.first {
        $0.isPending && $0.parties.contains { $0.id == Untrusted(account) }
      }
      if let id = found?.id { return Untrusted(id.text) }
      listing.token = page.next
    } while listing.token != nil
    throw FixtureError(text: "\(sender) asks nothing of \(account)")
  }
}
