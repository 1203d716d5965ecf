// Reads and writes pages of 20 handshakes with our reader and writer, and with Foundation's, in turn in
// one process; prints the seconds of each round as JSON. The argument is a file of one page.

import Foundation
import Glibc
import Model
import Wire

struct Reply: Codable {
  var handshakes: [Record]

  enum CodingKeys: String, CodingKey {
    case handshakes = "Handshakes"
  }
}

struct Record: Codable {
  var id: String
  var arn: String
  var parties: [Member]
  var state: String
  var requested: Double
  var expires: Double
  var action: String
  var resources: [Piece]

  enum CodingKeys: String, CodingKey {
    case id = "Id"
    case arn = "Arn"
    case parties = "Parties"
    case state = "State"
    case requested = "RequestedTimestamp"
    case expires = "ExpirationTimestamp"
    case action = "Action"
    case resources = "Resources"
  }
}

struct Member: Codable {
  var id: String
  var type: String

  enum CodingKeys: String, CodingKey {
    case id = "Id"
    case type = "Type"
  }
}

struct Piece: Codable {
  var type: String
  var value: String?
  var resources: [Piece]?

  enum CodingKeys: String, CodingKey {
    case type = "Type"
    case value = "Value"
    case resources = "Resources"
  }
}

func seconds(_ count: Int, _ body: () throws -> Int) rethrows -> Double {
  var start = timespec()
  var end = timespec()
  clock_gettime(CLOCK_MONOTONIC, &start)
  var sum = 0
  for _ in 0..<count { sum += try body() }
  clock_gettime(CLOCK_MONOTONIC, &end)
  guard sum > 0 else { exit(1) }
  return Double(end.tv_sec - start.tv_sec) + Double(end.tv_nsec - start.tv_nsec) / 1e9
}

let body = [UInt8](try Data(contentsOf: URL(fileURLWithPath: CommandLine.arguments[1])))
let data = Data(body)
let page = try ServiceResponse.page(body)
let reply = try JSONDecoder().decode(Reply.self, from: data)
guard page.handshakes.count == reply.handshakes.count,
  page.handshakes.allSatisfy({ $0.damage.isEmpty })
else { exit(1) }
let pages = 300
for round in 0..<10 {
  let times = [
    "decode": seconds(pages) { (try? ServiceResponse.page(body))?.handshakes.count ?? 0 },
    "JSONDecoder": try seconds(pages) {
      try JSONDecoder().decode(Reply.self, from: data).handshakes.count
    },
    "encode": seconds(pages) { ServiceResponse.page(page).body.count },
    "JSONEncoder": try seconds(pages) { try JSONEncoder().encode(reply).count },
  ]
  // The first ones are the warm-up.
  if round >= 3 {
    print(String(decoding: try JSONEncoder().encode(times), as: UTF8.self))
  }
}
