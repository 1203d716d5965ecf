import Model
import Signing
import Synchronization
import TestSupport
import Text
import Wire

@testable import AWSBackend

/// An STS that answers, files, and a person with a device.
final class RolesWorld: HTTPTransport, LoginDialogue {
  /// The requests in order, with the fields of their forms.
  struct Request: Sendable {
    var http: HTTPRequest
    var fields: [String: String]
  }

  private struct State {
    var requests: [Request] = []
    var answers: [Result<HTTPResponse, HTTPFailure>] = []
    var codes: [String] = []
    var questions: [String] = []
    var minted = 0
  }

  static let home = "/home/operator"
  let time = ManualTime()
  private let state = Mutex(State())
  private let files: [String: [UInt8]]
  private let environment: [String: String]

  init(
    config: String, credentials: String = "", environment: [String: String] = [:],
    files: [String: String] = [:]
  ) {
    var all = files.mapValues { Array($0.utf8) }
    all[Self.home + "/.aws/config"] = Array(config.utf8)
    all[Self.home + "/.aws/credentials"] = Array(credentials.utf8)
    self.files = all
    self.environment = environment
  }

  var requests: [Request] { state.withLock { $0.requests } }
  /// The device that was asked for, and its profile: `device|profile`.
  var questions: [String] { state.withLock { $0.questions } }
  /// The response to the next request, in place of credentials.
  func answer(_ answer: Result<HTTPResponse, HTTPFailure>) {
    state.withLock { $0.answers.append(answer) }
  }
  func answer(_ status: Int, _ body: String, headers: [(name: String, value: Untrusted)] = []) {
    answer(.success(HTTPResponse(status: status, headers: headers, body: Array(body.utf8))))
  }
  func giveCodes(_ codes: [String]) { state.withLock { $0.codes = codes } }

  var world: AWSWorld {
    AWSWorld(
      environment: environment, home: Self.home, files: FilesOfTexts(files), transport: self,
      processes: NoOutside(), dialogue: self, time: time, random: SeededBytes(),
      sleeper: ManualSleeper(time))
  }

  func chain(_ profile: String? = nil) throws -> CredentialsChain {
    CredentialsChain(
      world: world, settings: try AWSSettings.load(world: world, profile: profile),
      userAgent: "handshake/test")
  }

  func credentials(_ profile: String? = nil) async throws -> Credentials {
    try await chain(profile).source().load()
  }

  /// The fault of a profile's credentials.
  func fault(_ profile: String? = nil) async throws -> CredentialsFault? {
    do {
      _ = try await credentials(profile)
      return nil
    } catch let fault as CredentialsFault {
      return fault
    }
  }

  func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    let answer = state.withLock { state -> Result<HTTPResponse, HTTPFailure> in
      state.requests.append(Request(http: request, fields: Self.fields(request.body)))
      if !state.answers.isEmpty { return state.answers.removeFirst() }
      state.minted += 1
      let action = Self.fields(request.body)["Action"] ?? ""
      return .success(
        HTTPResponse(status: 200, body: Array(Self.reply(action, state.minted).utf8)))
    }
    return try answer.get()
  }

  func oneTimeCode(device: Untrusted, profile: Untrusted) async -> OneTimeCode? {
    let code = state.withLock { state -> String? in
      state.questions.append(device.plain + "|" + profile.plain)
      return state.codes.isEmpty ? nil : state.codes.removeFirst()
    }
    return code.flatMap { OneTimeCode($0) }
  }

  func visit(_ invitation: BrowserLogin) async {}

  static func reply(_ action: String, _ number: Int) -> String {
    """
    <\(action)Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
      <\(action)Result>
        <AssumedRoleUser><AssumedRoleId>AROA:x</AssumedRoleId>\
    <Arn>arn:aws:sts::111122223333:assumed-role/r/x</Arn></AssumedRoleUser>
        <Credentials><AccessKeyId>ASIA\(number)</AccessKeyId>\
    <SecretAccessKey>minted-secret-\(number)</SecretAccessKey>\
    <SessionToken>minted-token-\(number)</SessionToken>\
    <Expiration>2026-11-22T15:32:10Z</Expiration></Credentials>
      </\(action)Result>
      <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>
    </\(action)Response>
    """
  }

  static func error(_ code: String, _ message: String) -> String {
    "<ErrorResponse><Error><Type>Sender</Type><Code>\(code)</Code><Message>\(message)</Message>"
      + "</Error><RequestId>r</RequestId></ErrorResponse>"
  }

  private static func fields(_ body: [UInt8]) -> [String: String] {
    var fields: [String: String] = [:]
    for pair in String(decoding: body, as: UTF8.self).split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      fields[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
    }
    return fields
  }
}
