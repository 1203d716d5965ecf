import Foundation
import Model
import Signing
import TestSupport
import Testing
import Text
import Wire

/// A case of the signing suite: the request, the parameters, and the expected results.
struct SigV4Vector: Sendable, CustomTestStringConvertible {
  static let folder = "vectors/sigv4/aws-c-auth/v4"

  let name: String
  let keys: AccessKeys
  let region: String
  let service: String
  let now: Timestamp
  let request: SignableRequest
  let options: SigV4.Options

  var testDescription: String { name }

  static func names() throws -> [String] {
    try SharedFolder.names(in: folder).filter { !$0.hasPrefix(".") }
  }

  static func load(_ name: String) throws -> SigV4Vector {
    let context = try JSONValue.read(bytes(name, "context.json"))
    let credentials = try #require(context["credentials"])
    func text(_ value: JSONValue, _ key: String) throws -> String {
      try #require(value[key]?.string?.asciiText, "\(name): \(key)")
    }
    let normalises = try #require(context["normalize"])
    let statesDigest = try #require(context["sign_body"])
    let time = try text(context, "timestamp")
    var options = SigV4.Options()
    options.normalisesPath = normalises == .bool(true)
    options.statesBodyDigest = statesDigest == .bool(true)
    options.leavesTokenUnsigned = context["omit_session_token"] == .bool(true)
    return SigV4Vector(
      name: name,
      keys: AccessKeys(
        id: try text(credentials, "access_key_id"),
        secret: Secret(try text(credentials, "secret_access_key")),
        sessionToken: credentials["token"] == nil
          ? nil : Secret(try text(credentials, "token"))),
      region: try text(context, "region"), service: try text(context, "service"),
      now: try #require(Timestamp(iso8601: time.utf8)),
      request: try request(name, "request.txt"), options: options)
  }

  static func text(_ name: String, _ file: String) throws -> String {
    String(decoding: try bytes(name, file), as: UTF8.self)
  }

  /// A request as it is sent, apart from line ends and unencoded characters in its target.
  static func request(_ name: String, _ file: String) throws -> SignableRequest {
    let text = try text(name, file)
    let end = text.range(of: "\n\n")
    let head = text[..<(end?.lowerBound ?? text.endIndex)]
    // The files of requests without a body end in empty lines.
    let rest = end.map { String(text[$0.upperBound...]) } ?? ""
    let body = rest.trimmingCharacters(in: .newlines)
    var lines = head.split(separator: "\n").map(String.init)
    let line = lines.removeFirst()
    let space = try #require(line.firstIndex(of: " "))
    let protocolStart = try #require(line.range(of: " HTTP/1.1"))
    var headers: [(name: String, value: String)] = []
    for line in lines {
      if line.hasPrefix(" "), var last = headers.popLast() {
        last.value += "\n" + line
        headers.append(last)
      } else {
        let colon = try #require(line.firstIndex(of: ":"))
        headers.append((String(line[..<colon]), String(line[line.index(after: colon)...])))
      }
    }
    return SignableRequest(
      String(line[..<space]),
      target: String(line[line.index(after: space)..<protocolStart.lowerBound]),
      headers: headers, body: Array(body.utf8))
  }

  private static func bytes(_ name: String, _ file: String) throws -> [UInt8] {
    try SharedFolder.bytes("\(folder)/\(name)/\(file)")
  }
}
